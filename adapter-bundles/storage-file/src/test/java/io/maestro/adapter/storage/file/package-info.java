/** Tests of the adapter {@code storage-file}. */
@NullMarked
package io.maestro.adapter.storage.file;

import org.jspecify.annotations.NullMarked;
