import type { Action } from "../../model/change.ts";

/** Terraform's list of actions as one; both orders of a replacement are a replacement. */
export function actionOf(actions: string, importing: boolean, mode: string | undefined): Action | undefined {
  if (mode === "data" && (actions === '["read"]' || actions === '["no-op"]')) return "read";
  switch (actions) {
    case "[]": // hand-made plans write this for nothing to do
    case '["no-op"]':
      return importing ? "import" : "keep";
    case '["create"]':
      return "create";
    case '["read"]':
      return "read";
    case '["update"]':
      return "update";
    case '["delete"]':
      return "delete";
    case '["forget"]':
      return "forget";
    case '["delete","create"]':
    case '["create","delete"]':
    case '["forget","create"]':
    case '["create","forget"]':
      return "replace";
    default:
      return undefined;
  }
}
