/** From syntax trees to ordered goals: names, scopes, safety, recursion, types. */
@NullMarked
package io.maestro.rego.compile;

import org.jspecify.annotations.NullMarked;
