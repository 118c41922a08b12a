// Builds the package where it is installed out of a git repository, as the pre-commit framework does
// (github.com/pre-commit/pre-commit, languages/node.py: `npm install -g git+file://…`). A checkout that is developed in
// (`npm ci`) builds when it needs to. CommonJS for any Node: this runs before it is known which one there is.
const { execSync } = require("node:child_process");

const isGlobal = process.env.npm_config_global === "true";
const isInstall = process.env.npm_command === "install";
const run = (command) =>
  execSync(command, { stdio: "inherit", env: { ...process.env, npm_config_global: "" } });

if (isGlobal || isInstall) {
  // Npm prepares what it installs globally as if that were global too, and then without what builds it.
  if (isGlobal)
    run("npm install --global=false --include=dev --ignore-scripts --no-save --no-audit --no-fund");
  run("npm run build");
}
