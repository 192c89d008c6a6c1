package io.maestro.rest;

import io.maestro.api.events.Event;
import io.maestro.api.events.Event.Kind;
import io.maestro.api.identity.Access;
import io.maestro.api.identity.Action;
import io.maestro.model.Environment;
import io.maestro.model.TenantId;
import jakarta.ws.rs.QueryParam;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which events are asked for. */
final class EventFilter {
    @QueryParam("tenant")
    private @Nullable String tenant;

    @QueryParam("environment")
    private @Nullable String environment;

    @QueryParam("eventType")
    private @Nullable String eventType;

    /** Those that are asked for, of those that the caller may see. Asking for those of another tenant is an overstepping. */
    Predicate<Event> of(Caller caller, Access access) {
        TenantId wantedTenant = Query.of(tenant, TenantId::new);
        Environment wantedEnvironment = Query.of(environment, Environment::new);
        TenantId home = caller.principal().tenant();
        if (wantedTenant != null && home != null && !home.equals(wantedTenant)) {
            access.authorize(caller.principal(), Action.TENANT_READ, wantedTenant, wantedEnvironment, caller.origin());
        }
        Set<Kind> kinds = kinds();
        EventRights rights = new EventRights(caller.principal());
        return event -> kinds.contains(event.kind())
                && (wantedTenant == null || wantedTenant.equals(event.tenant()))
                && (wantedEnvironment == null || wantedEnvironment.equals(event.environment()))
                && rights.sees(event);
    }

    private Set<Kind> kinds() {
        String wanted = Query.text("eventType", eventType);
        if (wanted == null) {
            return EnumSet.allOf(Kind.class);
        }
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        for (String name : wanted.split(",", -1)) {
            kinds.add(Arrays.stream(Kind.values())
                    .filter(kind -> kind.text().equals(name))
                    .findFirst()
                    .orElseThrow(EventFilter::unknown));
        }
        return kinds;
    }

    private static RuntimeException unknown() {
        return Wire.invalid(
                "there is no such type of event",
                "Use some of "
                        + Arrays.stream(Kind.values()).map(Kind::text).collect(Collectors.joining(", "))
                        + ", separated by commas.",
                List.of());
    }
}
