/** What every adapter of the type {@code storage} keeps: extend {@code ObjectStorageContract} in the adapter's tests. */
@NullMarked
package io.maestro.testing.storage;

import org.jspecify.annotations.NullMarked;
