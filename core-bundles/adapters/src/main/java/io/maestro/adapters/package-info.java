/**
 * The adapter host: makes the adapters that the rows want run on this node, and lets nobody call them unguarded.
 *
 * <p>Rows say what should be; {@code Reconciler} makes it so and registers each open instance as an OSGi service; {@code
 * BindingIndex} follows those services and answers look-ups without a lock; a call goes from there through the guard of
 * its instance. The isolation of bundles from one another is in {@code isolation}, what an instance is given in {@code
 * context}, the drop folder in {@code deploy}.
 */
@NullMarked
package io.maestro.adapters;

import org.jspecify.annotations.NullMarked;
