/**
 * Tests that every adapter of a type has to pass. There is a package per type; extend its kit in the adapter's own tests,
 * with a fixture that says how to reach the outside system.
 */
@NullMarked
package io.maestro.conformance;

import org.jspecify.annotations.NullMarked;
