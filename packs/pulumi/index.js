// Pulumi loads a policy pack with require() and calls what it exports.
module.exports = () => import("../../dist/pulumi.js").then(({ serve }) => serve());
