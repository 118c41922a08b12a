import { parseUrn } from "../../inputs/pulumi/urn.ts";
import type { Finding } from "../../model/report.ts";
import { groupInstances } from "../../reporters/stories.ts";
import { clip, visible } from "../../reporters/text.ts";
import { actionInWords, changeInWords, listing, reachInWords } from "../../reporters/words.ts";

/**
 * A finding as the text of a policy violation, which Pulumi prints below the policy's name: what changes, what happens to
 * whom, who is hit, what to do. Lines are not wrapped; Pulumi indents them.
 */
export function violationText(finding: Finding): string {
  const { reach } = finding;
  const [group] = groupInstances([finding]);
  const change = changeInWords(finding);
  const reached = group === undefined ? undefined : reachInWords(group);
  const hit =
    reach === undefined || reach.resources === 0
      ? undefined
      : listing(reach.nearest.map(resourceInWords), 3, reach.resources);
  const parts: (readonly [label: string, text: string | undefined])[] = [
    ["", subjectOf(finding)],
    ["", change],
    ["", visible(finding.message)],
    ["hits   ", hit],
    ["reach  ", reached],
    ["fix    ", visible(finding.fix)],
    ["       ", `firebreak explain ${finding.policy}`],
  ];
  return parts.flatMap(([label, text]) => (text === undefined ? [] : [label + text])).join("\n");
}

/** The resource and what happens to it; one that goes is named in full, since Pulumi shows its violation at the stack. */
function subjectOf({ address, type, action, ...finding }: Finding): string {
  if (type === "deployment") return `stack ${visible(address)}`;
  const said = actionInWords({ address, type, action, ...finding });
  const which = action === "delete" ? ` (${visible(clip(address, 500))})` : "";
  return `${resourceInWords(address)}${said === "" ? "" : ` ${said}`}${which}`;
}

/** `packages (azure-native:storage:StorageAccount)` */
function resourceInWords(urn: string): string {
  const parsed = parseUrn(urn);
  return visible(parsed === undefined ? clip(urn, 500) : clip(`${parsed.name} (${parsed.type})`, 300));
}
