/**
 * What an adapter implements and what it is given.
 *
 * <p>An adapter is one signed bundle with a manifest {@code META-INF/maestro/adapter.yaml} and one {@link
 * io.maestro.adapter.spi.AdapterFactory} as a declarative-services component. The factory opens an instance per tenant,
 * environment and configuration. An instance also implements the interface of its {@link
 * io.maestro.adapter.spi.AdapterType}, for example {@link io.maestro.adapter.spi.storage.ObjectStorage}.
 *
 * <p>Only records, streams of bytes and problems cross this contract, so that an adapter may later run in a process of
 * its own without a change.
 */
@NullMarked
@Version("1.0.0")
package io.maestro.adapter.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
