package io.maestro.adapter.identity.oidc;

import io.maestro.adapter.spi.CallContext;
import java.time.Instant;

/** What comes along with a call in real time: two minutes. */
final class Calls {
    private Calls() {}

    static CallContext call() {
        return new CallContext("test", Instant.now().plusSeconds(120), null);
    }
}
