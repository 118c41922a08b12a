import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Files of one root module, as people lay them out. */
const FILES_A_MODULE = 10;
/** Of ten changed files: six of Terraform in three modules, two manifests, two programs. */
const CHANGED = [
  "0/0.tf",
  "0/1.tf",
  "1/0.tf",
  "1/2.tf",
  "2/3.tf",
  "2/4.tf",
  "3/8.yaml",
  "4/8.yaml",
  "3/9.ts",
  "4/9.ts",
];

/** Makes a repository of that many files in root modules, all committed. */
export function makeRepository(folder: string, files: number): void {
  mkdirSync(folder, { recursive: true });
  git(folder, "init", "--quiet", ".");
  for (let module = 0; module * FILES_A_MODULE < files; module++) {
    mkdirSync(join(folder, String(module)));
    for (let i = 0; i < 8; i++) writeFileSync(join(folder, `${module}/${i}.tf`), terraform(module, i));
    writeFileSync(join(folder, `${module}/8.yaml`), manifest(module));
    writeFileSync(join(folder, `${module}/9.ts`), program(module));
  }
  writeFileSync(join(folder, "README.md"), "An estate.\n");
  git(folder, "add", "--all");
  git(folder, "commit", "--quiet", "--message=estate");
}

/** Stages a change of ten files, of which three hold something to object to. */
export function stageRelated(folder: string): void {
  git(folder, "reset", "--quiet", "--hard");
  for (const file of CHANGED)
    appendFileSync(join(folder, file), `${file.endsWith(".ts") ? "//" : "#"} looked at\n`);
  for (const file of ["0/0.tf", "1/0.tf", "2/3.tf"]) {
    const [module = "", i = ""] = file.replace(".tf", "").split("/");
    writeFileSync(
      join(folder, file),
      terraform(Number(module), Number(i)).replace("access_enabled = true", "access_enabled = false"),
    );
  }
  git(folder, "add", "--all");
}

/** Stages a change of what is nothing to judge. */
export function stageUnrelated(folder: string): void {
  git(folder, "reset", "--quiet", "--hard");
  appendFileSync(join(folder, "README.md"), "It grew.\n");
  git(folder, "add", "--all");
}

function git(folder: string, ...args: readonly string[]): void {
  const identity = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
  execFileSync("git", [...identity, ...args], { cwd: folder, stdio: "ignore" });
}

function terraform(module: number, i: number): string {
  return `# Storage ${i} of module ${module}, and what boots from it.
resource "azurerm_storage_account" "store_${i}" {
  name                          = "st${module}x${i}"
  resource_group_name           = "rg-${module}"
  location                      = "westeurope"
  account_tier                  = "Standard"
  account_replication_type      = "ZRS"
  public_network_access_enabled = true

  tags = {
    ring   = "ring-${module % 3}"
    tier   = "platform"
    module = "${module}"
  }
}

resource "azurerm_linux_virtual_machine_scale_set" "fleet_${i}" {
  name                = "fleet-${module}-${i}"
  resource_group_name = "rg-${module}"
  location            = "westeurope"
  sku                 = "Standard_D2s_v5"
  instances           = 3
  admin_username      = "azure"
  upgrade_mode        = "Rolling"
  user_data           = base64encode("curl https://st${module}x${i}.blob.core.windows.net/packages/agent.tar.gz")

  rolling_upgrade_policy {
    max_batch_instance_percent              = 10
    max_unhealthy_instance_percent          = 10
    max_unhealthy_upgraded_instance_percent = 5
    pause_time_between_batches              = "PT5M"
  }

  os_disk {
    caching              = "ReadOnly"
    storage_account_type = "Standard_LRS"
  }
}
`;
}

function manifest(module: number): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-${module}
  labels: { app: web-${module} }
spec:
  replicas: 6
  selector:
    matchLabels: { app: web-${module} }
  strategy:
    type: RollingUpdate
    rollingUpdate: { maxUnavailable: 1, maxSurge: 1 }
  template:
    metadata:
      labels: { app: web-${module} }
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.${module}
---
apiVersion: v1
kind: Service
metadata:
  name: web-${module}
spec:
  selector: { app: web-${module} }
`;
}

function program(module: number): string {
  return `import * as storage from "@pulumi/azure-native/storage";

export const account = new storage.StorageAccount("assets${module}", {
  resourceGroupName: "rg-${module}",
  location: "westeurope",
  kind: "StorageV2",
  sku: { name: "Standard_ZRS" },
  publicNetworkAccess: "Enabled",
});
`;
}
