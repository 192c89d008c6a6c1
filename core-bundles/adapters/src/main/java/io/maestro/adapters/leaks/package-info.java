/**
 * Finds out whether the class loader of a bundle that was taken out is collected, and what holds it when it is not. One
 * daemon thread, which runs only while a loader is waited for; it asks for a garbage collection sparingly.
 */
@NullMarked
package io.maestro.adapters.leaks;

import org.jspecify.annotations.NullMarked;
