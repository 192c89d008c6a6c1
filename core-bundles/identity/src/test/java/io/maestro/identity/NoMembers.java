package io.maestro.identity;

import io.maestro.api.tenancy.Members;
import io.maestro.model.Actor;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.TenantId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Nobody is a member of anything. */
final class NoMembers implements Members {
    @Override
    public Optional<Member> member(TenantId tenant, String principal) {
        return Optional.empty();
    }

    @Override
    public Page<Member> members(TenantId tenant, PageRequest page) {
        return new Page<>(List.of(), null);
    }

    @Override
    public Member put(TenantId tenant, String principal, Grant grant, Expected expected, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Member> before(TenantId tenant, String principal, @Nullable Grant grant, Expected expected) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void remove(TenantId tenant, String principal, @Nullable Long revision, Actor actor) {
        throw new UnsupportedOperationException();
    }
}
