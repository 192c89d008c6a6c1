package io.maestro.conformance.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.identity.BeginLogin;
import io.maestro.adapter.spi.identity.CompleteLogin;
import io.maestro.adapter.spi.identity.Describe;
import io.maestro.adapter.spi.identity.EndSession;
import io.maestro.adapter.spi.identity.IdentityProvider;
import io.maestro.adapter.spi.identity.ValidateToken;
import io.maestro.adapter.spi.identity.VerifiedIdentity;
import io.maestro.conformance.AdapterManifest;
import io.maestro.conformance.Refusal;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemCode;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** One part of the kit: opens an instance for each test and calls it in few words. */
abstract class IdentityContract {
    static final String STATE = "state-of-tests-&=+%/?#-only";
    static final String NONCE = "nonce-of-tests-only";
    static final String VERIFIER = "a-verifier-of-tests-only-a-verifier-of-tests-only";

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final IdentityKit kit;
    private final List<TestAdapterContext> contexts = new ArrayList<>();
    private final Deque<AutoCloseable> afterwards = new ArrayDeque<>();
    private boolean closed = true;
    private Duration passed = Duration.ZERO;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it first
    Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test, see openInstance
    private IdentityFixture fixture;

    @SuppressWarnings("NullAway.Init") // set before each test, see openInstance
    private TriedProvider provider;

    @SuppressWarnings("NullAway.Init") // set before each test, see openInstance
    private IdentityProvider instance;

    IdentityContract(IdentityKit kit) {
        this.kit = kit;
    }

    @BeforeEach
    final void openInstance() throws Exception {
        fixture = kit.fixture();
        provider = closeAfterwards(fixture.provider());
        instance = opened(registration());
        closed = false;
    }

    @AfterEach
    final void closeAll() throws Exception {
        close();
        while (!afterwards.isEmpty()) {
            afterwards.pop().close();
        }
    }

    /** Closes the instance of this test now. The contract says that this happens once. */
    final void close() {
        if (!closed) {
            closed = true;
            instance.close();
        }
    }

    /** Closes it after the test and after the instance; what was given last is closed first. */
    final <T extends AutoCloseable> T closeAfterwards(T resource) {
        afterwards.push(resource);
        return resource;
    }

    final IdentityFixture fixture() {
        return fixture;
    }

    final TriedProvider provider() {
        return provider;
    }

    /** The provider, where it does what the kit wants; ends the test without a result where it does not. */
    final LoopbackIssuer issuer() {
        if (provider instanceof LoopbackIssuer own) {
            return own;
        }
        return Assumptions.abort("the fixture's provider does only what it likes");
    }

    final Registration registration() {
        return provider.registration();
    }

    final IdentityProvider instance() {
        return instance;
    }

    final boolean offers(IdentityFixture.Offer offer) {
        return fixture.offers().contains(offer);
    }

    final boolean login() {
        return offers(IdentityFixture.Offer.LOGIN);
    }

    final AdapterManifest manifest() throws IOException {
        return AdapterManifest.read(fixture.manifest());
    }

    /** The context of the instance of this test. */
    final TestAdapterContext context() {
        return contexts.getFirst();
    }

    /** A context that lives until the end of the test. */
    final TestAdapterContext context(Scope scope, Map<String, ?> configuration) throws IOException {
        return context(scope, configuration, null);
    }

    /** The same, whose HTTP client trusts whom it is told. */
    final TestAdapterContext context(Scope scope, Map<String, ?> configuration, @Nullable SSLContext tls)
            throws IOException {
        Path own = Files.createDirectory(folder.resolve("instance-" + contexts.size()));
        TestAdapterContext context = closeAfterwards(new TestAdapterContext(scope, own, configuration, tls));
        context.pass(passed);
        contexts.add(context);
        return context;
    }

    /** Another instance, for the test to close. */
    final IdentityProvider opened(Registration registration) throws IOException {
        return opened(context(Scope.of("acme", "dev"), fixture.configuration(registration)));
    }

    final IdentityProvider opened(TestAdapterContext context) {
        return (IdentityProvider) fixture.factory().open(context);
    }

    /** From now on it is so much later for all instances, and for the provider. */
    final void pass(Duration time) {
        passed = passed.plus(time);
        contexts.forEach(context -> context.pass(time));
        if (provider instanceof LoopbackIssuer own) {
            own.pass(time);
        }
    }

    final Instant now() {
        return InstantSource.system().instant().plus(passed);
    }

    /** What comes along with a call. */
    final CallContext call() {
        return call(PATIENCE);
    }

    /** What comes along with a call that may take so long. */
    final CallContext call(Duration patience) {
        return new CallContext("test", now().plus(patience), null);
    }

    final VerifiedIdentity validate(String token) {
        return validate(instance, token);
    }

    final VerifiedIdentity validate(IdentityProvider other, String token) {
        return other.validateToken(call(), new ValidateToken(token));
    }

    /** What a login begins with. */
    final BeginLogin beginning() {
        return new BeginLogin(provider.redirectUri(), STATE, NONCE, LoopbackIssuer.challenge(VERIFIER));
    }

    /** What a login brings that begins with this instance. */
    final CompleteLogin loggedIn(IdentityProvider other) throws Exception {
        URI back = provider.logIn(other.beginLogin(call(), beginning()).url());
        Map<String, String> brought = Query.of(back);
        return new CompleteLogin(
                brought.getOrDefault("code", ""), provider.redirectUri(), VERIFIER, NONCE, brought.get("iss"));
    }

    /** A login that nobody has begun. */
    final CompleteLogin invented() {
        return with("code-that-nobody-was-given", NONCE, null);
    }

    final CompleteLogin with(String code, String nonce, @Nullable String issuer) {
        return new CompleteLogin(code, provider.redirectUri(), VERIFIER, nonce, issuer);
    }

    final VerifiedIdentity complete(CompleteLogin login) {
        return instance.completeLogin(call(), login);
    }

    /** One of each operation; this token is the one that is shown. */
    final List<ThrowingCallable> acts(IdentityProvider other, String token) {
        return List.of(
                () -> other.describe(call(), new Describe()),
                () -> validate(other, token),
                () -> other.beginLogin(call(), beginning()),
                () -> other.completeLogin(call(), invented()),
                () -> other.endSessionUrl(call(), new EndSession(null)));
    }

    /** Expects a problem of this kind, whole: code, category, status, title and what to do about it. */
    static Problem refused(ProblemCode code, ThrowingCallable act) {
        return Refusal.of(code, act);
    }

    /** Expects that the token is refused for this reason, and no part of it is told. */
    final Problem refusedToken(ProblemCode code, String token) {
        return refusedToken(code, instance, token);
    }

    final Problem refusedToken(ProblemCode code, IdentityProvider other, String token) {
        return withoutPartsOf(token, refused(code, () -> validate(other, token)));
    }

    /** Expects that the token is refused as the caller's matter, for whatever reason. */
    final Problem refusedToken(String token) {
        Problem problem = problemOf(() -> validate(token));
        assertThat(problem.category()).as(problem.toString()).isEqualTo(ProblemCategory.CALLER);
        assertThat(problem.status()).as(problem.toString()).isEqualTo(422);
        return withoutPartsOf(token, problem);
    }

    static Problem problemOf(ThrowingCallable act) {
        return assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(act)
                .actual()
                .problem();
    }

    private static Problem withoutPartsOf(String token, Problem problem) {
        for (String part : SigningKey.parts(token)) {
            if (part.length() >= 8) {
                assertThat(problem.toString()).doesNotContain(part);
            }
        }
        return problem;
    }
}
