package io.maestro.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.identity.Role;
import io.maestro.api.identity.Tokens.Token;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class TokenCacheTest {
    private static final Instant NOW = Instant.parse("2026-05-05T05:05:05Z");

    private final TokenCache cache = new TokenCache(100);

    @Test
    void neverHoldsMoreThanItsBound() {
        for (int i = 0; i < 1_000; i++) {
            cache.put("good" + i, token("id" + i), NOW, cache.revocations());
            cache.putUnknown("bad" + i, NOW);
            assertThat(cache.size()).isLessThanOrEqualTo(200);
        }
        assertThat(cache.find("good999")).isNotNull();
        assertThat(cache.isUnknown("bad999", NOW)).isTrue();
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

        assertThat(Objects.requireNonNull(cache.find("good")).freshAt(before, TokenCache.FRESH))
                .isFalse();
        assertThat(cache.isUnknown("bad", before)).isFalse();
    }

    private static StoredToken token(String id) {
        return new StoredToken(
                new Token(id, "name", Role.PLATFORM_ADMIN, null, null, NOW, NOW.plusSeconds(9), null, null), "hash");
    }
}
