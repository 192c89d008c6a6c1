/** What every adapter bundle keeps: extend {@code AdapterBundleContract} in the adapter's tests. */
@NullMarked
package io.maestro.testing.bundle;

import org.jspecify.annotations.NullMarked;
