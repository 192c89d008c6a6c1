package io.maestro.adapter.spi.identity;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Output of {@code end_session_url}.
 *
 * @param url where to send a browser that logs out, so that the provider forgets it too; null when the provider offers no
 *     such thing
 */
public record EndSessionUrl(@Nullable URI url) {}
