module.exports = require("../dist/cjs/plugin/node/tsserver.js").init;
