/**
 * Governance: asks policies, records what they decide, explains it, and lets people change them without surprise.
 *
 * <p>Owns one thread, which writes decisions and looks for changes of other nodes; it begins with the first question.
 */
@NullMarked
package io.maestro.policy;

import org.jspecify.annotations.NullMarked;
