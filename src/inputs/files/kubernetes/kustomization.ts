/** Names of files that are kustomizations without saying so (kubectl.docs.kubernetes.io/references/kustomize/glossary). */
export const KUSTOMIZATION = /(?:^|\/)kustomization\.ya?ml$/;
