/** Tests of the adapter {@code storage-azure}, most of them against Azurite. */
@NullMarked
package io.maestro.adapter.storage.azure;

import org.jspecify.annotations.NullMarked;
