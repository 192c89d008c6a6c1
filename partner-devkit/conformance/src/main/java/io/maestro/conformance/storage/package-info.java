/**
 * The conformance kit of the type {@code storage}. Extend {@link io.maestro.conformance.storage.StorageKit} in the adapter's
 * tests and give it a {@link io.maestro.conformance.storage.StorageFixture}.
 */
@NullMarked
package io.maestro.conformance.storage;

import org.jspecify.annotations.NullMarked;
