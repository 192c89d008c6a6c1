/**
 * The adapter {@code storage-file}: objects as files in the instance's own folder.
 *
 * <p>Each object is one file that holds header and content, so that one atomic rename replaces both. File names are a
 * reversible encoding of keys; nothing that a caller sends becomes a path. Owns no thread.
 */
@NullMarked
package io.maestro.adapter.storage.file;

import org.jspecify.annotations.NullMarked;
