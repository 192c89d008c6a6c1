package io.maestro.store.postgres;

import io.maestro.api.store.IdempotentRequests;
import io.maestro.model.Digest;
import io.maestro.store.Database;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Offers idempotent requests to the edge. */
@Component
public final class IdempotentRequestsComponent implements IdempotentRequests {
    private final IdempotentRequests requests;

    @Activate
    public IdempotentRequestsComponent(@Reference Database database) {
        this.requests = new JooqIdempotentRequests(database, InstantSource.system());
    }

    @Override
    public Claim claim(String principal, String key, Digest request) {
        return requests.claim(principal, key, request);
    }

    @Override
    public void complete(String principal, String key, int status, @Nullable String location, byte @Nullable [] body) {
        requests.complete(principal, key, status, location, body);
    }

    @Override
    public void release(String principal, String key) {
        requests.release(principal, key);
    }
}
