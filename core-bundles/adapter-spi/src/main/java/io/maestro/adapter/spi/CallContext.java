package io.maestro.adapter.spi;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What comes along with each call.
 *
 * @param correlationId follows the request through logs and receipts; pass it on to the outside system where it can
 * @param deadline when the host interrupts the call; use what is left of it for time limits of your own
 * @param idempotencyKey names the act, so that a repeated call does it once; null on calls that change nothing, or when
 *     the caller gave none
 */
public record CallContext(
        String correlationId, Instant deadline, @Nullable String idempotencyKey) {}
