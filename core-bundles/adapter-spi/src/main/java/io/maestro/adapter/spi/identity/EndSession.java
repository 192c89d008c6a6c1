package io.maestro.adapter.spi.identity;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Input of {@code end_session_url}.
 *
 * @param returnTo where the provider sends the browser afterwards; registered with the provider; null to end there
 */
public record EndSession(@Nullable URI returnTo) {}
