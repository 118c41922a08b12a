import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** One directory of the repository: a root module as people lay it out, and what often lies beside it. */
const FILES: Readonly<Record<string, (module: number) => string>> = {
  "README.md": (module) => `Module ${module}.\n`,
  "fleet.tf": fleet,
  "main.tf": storage,
  "network.tf": network,
  "outputs.tf": () => 'output "account" {\n  value = azurerm_storage_account.store.id\n}\n',
  "service.yaml": service,
  "deployment.yaml": deployment,
  "program.ts": program,
  "variables.tf": () => 'variable "location" {\n  type    = string\n  default = "westeurope"\n}\n',
  "versions.tf": versions,
};

/** Ten changed files: of root modules, as most commits, or of all languages. */
const CHANGED = {
  terraform: [0, 1, 2, 3, 4].flatMap((module) => [`${module}/main.tf`, `${module}/fleet.tf`]),
  mixed: [
    ...[0, 1, 2].flatMap((module) => [`${module}/main.tf`, `${module}/fleet.tf`]),
    "3/deployment.yaml",
    "4/service.yaml",
    "3/program.ts",
    "4/program.ts",
  ],
} as const;

/** Makes a repository of that many files in directories of ten, all committed. */
export function makeRepository(folder: string, files: number): void {
  mkdirSync(folder, { recursive: true });
  git(folder, "init", "--quiet", ".");
  for (let module = 0; module * Object.keys(FILES).length < files; module++) {
    mkdirSync(join(folder, String(module)));
    for (const [name, text] of Object.entries(FILES))
      writeFileSync(join(folder, `${module}/${name}`), text(module));
  }
  git(folder, "add", "--all");
  git(folder, "commit", "--quiet", "--message=estate");
}

/** Stages a change of ten files, of which three hold something to object to. */
export function stageRelated(folder: string, kind: keyof typeof CHANGED = "terraform"): void {
  git(folder, "reset", "--quiet", "--hard");
  for (const file of CHANGED[kind]) {
    const path = join(folder, file);
    const closed = /^[012]\/main/.test(file) ? "access_enabled = false" : "access_enabled = true";
    const text = readFileSync(path, "utf8").replace("access_enabled = true", closed);
    writeFileSync(path, `${text}${file.endsWith(".ts") ? "//" : "#"} looked at\n`);
  }
  git(folder, "add", "--all");
}

/** Stages a change of what is nothing to judge. */
export function stageUnrelated(folder: string): void {
  git(folder, "reset", "--quiet", "--hard");
  appendFileSync(join(folder, "0/README.md"), "It grew.\n");
  git(folder, "add", "--all");
}

function git(folder: string, ...args: readonly string[]): void {
  const identity = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
  execFileSync("git", [...identity, ...args], { cwd: folder, stdio: "ignore" });
}

function storage(module: number): string {
  return `resource "azurerm_resource_group" "group" {
  name     = "rg-${module}"
  location = var.location
}

# The packages that the fleet boots from.
resource "azurerm_storage_account" "store" {
  name                          = "st${module}"
  resource_group_name           = azurerm_resource_group.group.name
  location                      = "westeurope"
  account_tier                  = "Standard"
  account_replication_type      = "ZRS"
  public_network_access_enabled = true

  tags = {
    ring = "ring-${module % 3}"
    tier = "platform"
  }
}
`;
}

function fleet(module: number): string {
  return `resource "azurerm_linux_virtual_machine_scale_set" "fleet" {
  name                = "fleet-${module}"
  resource_group_name = azurerm_resource_group.group.name
  location            = "westeurope"
  sku                 = "Standard_D2s_v5"
  instances           = 3
  admin_username      = "azure"
  upgrade_mode        = "Rolling"
  user_data           = base64encode("curl https://st${module}.blob.core.windows.net/packages/agent.tar.gz")

  rolling_upgrade_policy {
    max_batch_instance_percent              = 10
    max_unhealthy_instance_percent          = 10
    max_unhealthy_upgraded_instance_percent = 5
    pause_time_between_batches              = "PT5M"
  }

  network_interface {
    name    = "nic"
    primary = true

    ip_configuration {
      name      = "ip"
      primary   = true
      subnet_id = azurerm_subnet.fleet.id
    }
  }

  os_disk {
    caching              = "ReadOnly"
    storage_account_type = "Standard_LRS"
  }
}
`;
}

function network(module: number): string {
  return `resource "azurerm_virtual_network" "net" {
  name                = "net-${module}"
  resource_group_name = azurerm_resource_group.group.name
  location            = var.location
  address_space       = ["10.${module % 200}.0.0/16"]
}

resource "azurerm_subnet" "fleet" {
  name                 = "fleet"
  resource_group_name  = azurerm_resource_group.group.name
  virtual_network_name = azurerm_virtual_network.net.name
  address_prefixes     = [cidrsubnet("10.${module % 200}.0.0/16", 8, 1)]
}
`;
}

function versions(): string {
  return `terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.0"
    }
  }
}

provider "azurerm" {
  features {}
}
`;
}

function deployment(module: number): string {
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
`;
}

function service(module: number): string {
  return `apiVersion: v1
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
