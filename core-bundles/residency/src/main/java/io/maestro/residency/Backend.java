package io.maestro.residency;

import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.model.Digest;
import org.jspecify.annotations.Nullable;

/**
 * A storage instance as it is now.
 *
 * @param definition what it is one of
 * @param fingerprint what it must still be when it is written to; null when nothing is to be written
 * @param reported where it says that it keeps its data
 */
record Backend(
        Instance instance, Definition definition, @Nullable Digest fingerprint, Reported reported) {}
