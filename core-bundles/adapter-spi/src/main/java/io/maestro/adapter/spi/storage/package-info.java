/**
 * The adapter type {@code storage}: objects of bytes under keys, as S3, GCS, Azure Blob and a plain folder offer them.
 */
@NullMarked
@Version("1.1.0")
package io.maestro.adapter.spi.storage;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
