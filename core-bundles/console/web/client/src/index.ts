export type * from './events.gen.js';
export { EventParser, type Frame } from './frames.js';
export { follow, type Following } from './follow.js';
export { address, Maestro, type Answer, type Credentials, type Method, type Options, type Page, type Reached, type Result, type Schemas, type Settings } from './maestro.js';
export { ProblemError, unreachable, type Problem } from './problem.js';
export type { components, operations, paths } from './schema.gen.js';
