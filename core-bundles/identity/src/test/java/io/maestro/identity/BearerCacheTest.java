package io.maestro.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Role;
import io.maestro.api.identity.Tokens.Token;
import io.maestro.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class BearerCacheTest {
    private static final Instant NOW = Instant.parse("2026-05-05T05:05:05Z");

    private final BearerCache cache = new BearerCache(100_000, 100);

    @Test
    void neverHoldsMoreThanItsBound() {
        for (int i = 0; i < 1_000; i++) {
            cache.put("good" + i, token("id" + i), NOW, cache.revocations());
            cache.putUnknown("bad" + i, NOW);
            assertThat(cache.weight()).isLessThanOrEqualTo(100_000);
            assertThat(cache.size()).isLessThanOrEqualTo(300);
        }
        assertThat(cache.find("good999")).isNotNull();
        assertThat(cache.isUnknown("bad999", NOW)).isTrue();
    }

    @Test
    void weighsWhatItHolds() {
        for (int i = 0; i < 100; i++) {
            cache.put("good" + i, person("acme", "x".repeat(2_000)), NOW, cache.revocations());
        }
        // a quarter of 100,000 bytes, at more than 4,000 each
        assertThat(cache.size()).isBetween(2, 6);
        cache.put("huge", person("acme", "x".repeat(20_000)), NOW, cache.revocations());
        assertThat(cache.find("huge")).isNull();
    }

    @Test
    void oneTenantTakesNobodyElsesPlace() {
        cache.put("theirs", person("globex", "storage"), NOW, cache.revocations());
        cache.put("ours", token("id"), NOW, cache.revocations());
        for (int i = 0; i < 10_000; i++) {
            cache.put("mine" + i, person("acme", "x".repeat(500)), NOW, cache.revocations());
        }
        assertThat(cache.find("theirs")).isNotNull();
        assertThat(cache.find("ours")).isNotNull();
        assertThat(cache.find("mine9999")).isNotNull();
    }

    @Test
    void whoHasMostMakesRoomForWhoHasLeast() {
        for (int i = 0; i < 1_000; i++) {
            for (String tenant : List.of("a", "b", "c", "d", "e")) {
                cache.put(tenant + i, person(tenant, "x".repeat(500)), NOW, cache.revocations());
            }
        }
        cache.put("last", person("globex", "storage"), NOW, cache.revocations());
        for (int i = 0; i < 1_000; i++) {
            cache.put("more" + i, person("a", "x".repeat(500)), NOW, cache.revocations());
        }
        assertThat(cache.find("last")).isNotNull();
        assertThat(cache.weight()).isLessThanOrEqualTo(100_000);
    }

    @Test
    void whatIsStaleGoesFirst() {
        for (String tenant : List.of("a", "b", "c", "d")) {
            for (int i = 0; i < 100; i++) {
                cache.put(tenant + i, person(tenant, "x".repeat(500)), NOW, cache.revocations());
            }
        }
        Instant later = NOW.plus(BearerCache.FRESH);
        for (int i = 0; i < 10; i++) {
            cache.put("later" + i, person("e", "x".repeat(500)), later, cache.revocations());
        }
        assertThat(cache.find("later0")).isNotNull();
        assertThat(cache.weight()).isLessThan(25_000);
    }

    private static Holder person(String tenant, String attribute) {
        Principal principal = new Principal(
                "user:corp/ada",
                "Ada",
                Set.of(),
                Map.of("team", List.of(attribute)),
                new TenantId(tenant),
                null,
                NOW.plusSeconds(9));
        return new Holder() {
            @Override
            public String id() {
                return "ada";
            }

            @Override
            public Principal principal() {
                return principal;
            }

            @Override
            public boolean matches(String presented) {
                return true;
            }

            @Override
            public boolean goodAt(String presented, Instant now) {
                return true;
            }
        };
    }

    @Test
    void doesNotKeepWhatWasLoadedWhileATokenWasRevoked() {
        long before = cache.revocations();
        cache.revoke("id");
        cache.put("hash", token("id"), NOW, before);
        assertThat(cache.find("hash")).isNull();
    }

    @Test
    void forgetsThatAHashWasNobodys() {
        cache.putUnknown("hash", NOW);
        assertThat(cache.isUnknown("hash", NOW.plusSeconds(4))).isTrue();
        assertThat(cache.isUnknown("hash", NOW.plusSeconds(5))).isFalse();
    }

    @Test
    void usesNoAnswerFromTheFutureWhenTheClockIsSetBack() {
        cache.put("good", token("id"), NOW, cache.revocations());
        cache.putUnknown("bad", NOW);
        Instant before = NOW.minus(Duration.ofHours(1));

        assertThat(Objects.requireNonNull(cache.find("good")).freshAt(before, BearerCache.FRESH))
                .isFalse();
        assertThat(cache.isUnknown("bad", before)).isFalse();
    }

    private static StoredToken token(String id) {
        return new StoredToken(
                new Token(
                        id,
                        "name",
                        Set.of(Role.PLATFORM_ADMIN),
                        null,
                        null,
                        NOW,
                        NOW.plusSeconds(9),
                        null,
                        null,
                        null,
                        1),
                "hash",
                null);
    }
}
