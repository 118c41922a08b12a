import { parseUrn } from "../../inputs/pulumi/urn.ts";
import type { Finding } from "../../model/report.ts";
import { groupInstances } from "../../reporters/stories.ts";
import { clip, visible } from "../../reporters/text.ts";
import { actionInWords, changeInWords, listing, reachUnsaid } from "../../reporters/words.ts";

/**
 * A finding as the text of a policy violation, which Pulumi prints below the policy's name: what changes, what happens to
 * whom, who is hit, what to do. Each stands alone, since Pulumi shows and stores them one by one. Lines are not wrapped.
 */
export function violationText(finding: Finding): string {
  const { reach } = finding;
  const [group] = groupInstances([finding]);
  const isHit = group !== undefined && reach !== undefined && reach.resources > 0;
  const parts: (readonly [label: string, text: string])[] = [
    ["", [subjectOf(finding), changeInWords(finding)].filter((part) => part !== undefined).join(" · ")],
    ["", visible(finding.message)],
    ["hits   ", isHit ? listing(reach.nearest.map(nameInWords), 3, reach.resources) : ""],
    ["reach  ", isHit ? reachUnsaid(group) : ""],
    ["fix    ", visible(finding.fix)],
    ["       ", `firebreak explain ${finding.policy}`],
  ];
  return parts.flatMap(([label, text]) => (text === "" ? [] : [label + text])).join("\n");
}

/**
 * The resource, and what happens to it as such. Pulumi has printed its type and name above, but not for one that goes: that
 * violation stands at the stack.
 */
function subjectOf(finding: Finding): string {
  const { address, type, action } = finding;
  if (type === "deployment") return `stack ${visible(address)}`;
  if (action === "delete") return `${nameInWords(address)} will be deleted (${visible(clip(address, 500))})`;
  const said = actionInWords(finding);
  return `${nameInWords(address)}${said === "" ? "" : ` ${said}`}`;
}

/** The name in a URN. */
function nameInWords(urn: string): string {
  return visible(clip(parseUrn(urn)?.name ?? urn, 200));
}
