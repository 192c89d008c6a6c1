package io.maestro.bench;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.maestro.adapter.identity.oidc.IdentityOidcComponent;
import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.identity.IdentityProvider;
import io.maestro.adapter.spi.identity.ValidateToken;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.testing.peers.Jwts;
import io.maestro.testing.peers.LocalIssuer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Validation of an access token by the OIDC adapter with the provider's keys at hand, in turn with Nimbus alone. */
final class TokenMeasure {
    private static final String CLIENT = "maestro";
    private static final int WARM = 20_000;
    private static final int TOKENS = 4_000;
    private static final int ROUNDS = 10;

    private TokenMeasure() {}

    @FunctionalInterface
    private interface Validation {
        void run() throws Exception;
    }

    static List<Figure> figures(Path work) throws Exception {
        Jwts key = Jwts.rsa();
        try (LocalIssuer issuer = LocalIssuer.start(key);
                TestAdapterContext context =
                        new TestAdapterContext(work, Map.of("issuer", issuer.issuer(), "clientId", CLIENT))) {
            String token = key.sign(issuer.claims(CLIENT));
            IdentityProvider provider = (IdentityProvider) new IdentityOidcComponent().open(context);
            CallContext call =
                    new CallContext("bench", InstantSource.system().instant().plus(Duration.ofHours(1)), null);
            DefaultJWTProcessor<?> nimbus = nimbus(key, issuer.issuer());
            Validation adapter = () -> {
                var _ = provider.validateToken(call, new ValidateToken(token));
            };
            Validation bare = () -> {
                var _ = nimbus.process(token, null);
            };
            var _ = micros(adapter, WARM);
            var _ = micros(bare, WARM);
            double[] through = new double[0];
            double[] alone = new double[0];
            for (int round = 0; round < ROUNDS; round++) {
                through = joined(through, micros(adapter, TOKENS));
                alone = joined(alone, micros(bare, TOKENS));
            }
            provider.close();
            String how = TOKENS * ROUNDS + " validations each, RS256 of 2048 bits, one thread, in turn; key fetches "
                    + issuer.keyFetches();
            return List.of(
                    Figure.atMost(
                            "validation of a token by identity-oidc, keys at hand, p50",
                            Figure.median(through),
                            60,
                            " µs",
                            how + ", p99 %.0f µs".formatted(Figure.percentile(through, 0.99))),
                    Figure.beside(
                            "the same by Nimbus alone, p50",
                            Figure.median(alone),
                            " µs",
                            "p99 %.0f µs; the adapter takes %.2f times as long"
                                    .formatted(
                                            Figure.percentile(alone, 0.99),
                                            Figure.median(through) / Figure.median(alone))));
        }
    }

    private static DefaultJWTProcessor<?> nimbus(Jwts key, String issuer) {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(null, JOSEObjectType.JWT, new JOSEObjectType("at+jwt")));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(
                JWSAlgorithm.RS256, new ImmutableJWKSet<>(new JWKSet(key.key().toPublicJWK()))));
        processor.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(
                CLIENT, new JWTClaimsSet.Builder().issuer(issuer).build(), Set.of("exp", "sub")));
        return processor;
    }

    private static double[] micros(Validation validation, int count) throws Exception {
        double[] micros = new double[count];
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            validation.run();
            micros[i] = (System.nanoTime() - start) / 1e3;
        }
        return micros;
    }

    private static double[] joined(double[] some, double[] more) {
        double[] all = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }
}
