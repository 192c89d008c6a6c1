package io.maestro.adapter.identity.oidc;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.SecretRotation;
import io.maestro.adapter.spi.identity.BeginLogin;
import io.maestro.adapter.spi.identity.CompleteLogin;
import io.maestro.adapter.spi.identity.Describe;
import io.maestro.adapter.spi.identity.EndSession;
import io.maestro.adapter.spi.identity.EndSessionUrl;
import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.adapter.spi.identity.IdentityProvider;
import io.maestro.adapter.spi.identity.IdentityRules;
import io.maestro.adapter.spi.identity.LoginUrl;
import io.maestro.adapter.spi.identity.ProviderDescription;
import io.maestro.adapter.spi.identity.ValidateToken;
import io.maestro.adapter.spi.identity.VerifiedIdentity;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** People and programs as one OpenID Connect provider knows them. A new client secret is taken without losing the known keys. */
final class OidcIdentityProvider implements IdentityProvider, SecretRotation {
    /** After this the provider's documents are fetched anew, while the known ones go on. */
    private static final Duration FRESH = Duration.ofMinutes(5);

    private static final Duration HEALTH = Duration.ofSeconds(10);

    private final Settings settings;
    private final InstantSource clock;
    private final Connection connection;
    private final Published<Metadata> metadata;
    private final Published<SigningKeys> keys;
    private final Tokens tokens;
    private final ClientProof proof;
    private final Introspection introspection;
    private final Login login;
    private volatile boolean closed;

    private OidcIdentityProvider(
            Settings settings,
            InstantSource clock,
            Connection connection,
            Published<Metadata> metadata,
            Published<SigningKeys> keys,
            Tokens tokens,
            ClientProof proof,
            Introspection introspection,
            Login login) {
        this.settings = settings;
        this.clock = clock;
        this.connection = connection;
        this.metadata = metadata;
        this.keys = keys;
        this.tokens = tokens;
        this.proof = proof;
        this.introspection = introspection;
        this.login = login;
    }

    /** Opens an instance without asking the provider anything. */
    static OidcIdentityProvider open(Settings settings, HttpClient http, InstantSource clock, System.Logger logger) {
        Connection connection = new Connection(http, clock);
        Duration fresh = FRESH.compareTo(settings.interval()) > 0 ? FRESH : settings.interval();
        Published<Metadata> metadata = new Published<>(
                "metadata",
                () -> connection
                        .get(Metadata.address(settings.issuer()))
                        .thenApply(document -> Metadata.of(document, settings.issuer())),
                settings.interval(),
                fresh,
                clock,
                logger,
                connection);
        Published<SigningKeys> keys = new Published<>(
                "keys",
                () -> keysAddress(settings, metadata)
                        .thenCompose(connection::get)
                        .thenApply(SigningKeys::of),
                settings.interval(),
                fresh,
                clock,
                logger,
                connection);
        Tokens tokens = new Tokens(settings, keys, clock);
        ClientProof proof = new ClientProof(settings.clientId(), settings.clientSecret());
        return new OidcIdentityProvider(
                settings,
                clock,
                connection,
                metadata,
                keys,
                tokens,
                proof,
                new Introspection(settings, metadata, connection, proof, clock),
                new Login(settings, metadata, connection, tokens, proof));
    }

    @Override
    public void secretsChanged(AdapterContext context) {
        proof.secret(Settings.of(context.configuration(OidcConfiguration.class)).clientSecret());
    }

    private static CompletableFuture<URI> keysAddress(Settings settings, Published<Metadata> metadata) {
        URI configured = settings.jwksUrl();
        if (configured != null) {
            return CompletableFuture.completedFuture(configured);
        }
        return metadata.soon()
                .thenApply(provider ->
                        settings.endpoint(null, provider::keys, "jwks_uri", "publishes its keys", "jwksUrl"));
    }

    @Override
    public ProviderDescription describe(CallContext context, Describe request) {
        requireOpen();
        return new ProviderDescription(
                settings.issuer(), settings.clientId(), settings.scopes(), settings.audiences(), settings.login());
    }

    @Override
    public VerifiedIdentity validateToken(CallContext context, ValidateToken request) {
        requireOpen();
        IdentityRules.check(request);
        String token = request.token();
        Instant deadline = context.deadline();
        return settings.mapping()
                .identity(
                        introspection.isFor(token)
                                ? notCounted(() -> introspection.bearer(token, deadline))
                                : tokens.bearer(token, deadline));
    }

    @Override
    public LoginUrl beginLogin(CallContext context, BeginLogin request) {
        requireOpen();
        IdentityRules.check(request);
        return new LoginUrl(notCounted(() -> login.begin(request, context.deadline())));
    }

    @Override
    public VerifiedIdentity completeLogin(CallContext context, CompleteLogin request) {
        requireOpen();
        IdentityRules.check(request);
        return settings.mapping().identity(notCounted(() -> login.complete(request, context.deadline())));
    }

    @Override
    public EndSessionUrl endSessionUrl(CallContext context, EndSession request) {
        requireOpen();
        IdentityRules.check(request);
        return notCounted(() -> new EndSessionUrl(login.end(request, context.deadline())));
    }

    @Override
    public Health health() {
        if (closed) {
            return new Health.Down("the instance is closed");
        }
        Instant deadline = clock.instant().plus(HEALTH);
        try {
            if (settings.login() || settings.jwksUrl() == null) {
                metadata.probe(deadline);
            }
            keys.probe(deadline);
        } catch (ProblemException e) {
            String reason = e.problem().title() + ": " + e.problem().detail();
            return keys.isThere()
                    ? new Health.Degraded(reason + "; the keys that are known go on")
                    : new Health.Down(reason);
        }
        return keys.any(deadline).size() > 0
                ? new Health.Up()
                : new Health.Degraded("the provider publishes no key that a token may be signed by");
    }

    @Override
    public void close() {
        closed = true;
        metadata.close();
        keys.close();
        connection.close();
    }

    /**
     * Strangers begin logins and bring codes and texts that may be tokens as often as they like. Once tokens can be validated, nothing that goes wrong with
     * that may count against the instance: it would not be asked for tokens either.
     */
    private <R> R notCounted(Supplier<R> asking) {
        try {
            return asking.get();
        } catch (ProblemException e) {
            Problem problem = e.problem();
            if (problem.category() != ProblemCategory.EXTERNAL || closed || !keys.isThere()) {
                throw e;
            }
            throw Problem.of(IdentityProblem.LOGIN_UNAVAILABLE, problem.detail(), problem.fix())
                    .with(problem.retry())
                    .asException(e);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw Failures.closed();
        }
    }
}
