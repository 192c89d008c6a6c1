package io.maestro.conformance.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.identity.CompleteLogin;
import io.maestro.adapter.spi.identity.IdentityProvider;
import io.maestro.conformance.AnsweringPeer;
import io.maestro.conformance.AnsweringPeer.Answer;
import io.maestro.conformance.LibraryLog;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.conformance.Told;
import io.maestro.conformance.UnresponsivePeer;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Secrets, tokens, codes, verifiers, states and nonces are in no log, failure, health and text of an object. */
abstract class SecretContract extends IdentityContract {
    private static final String CODE = "code-of-a-stranger-of-tests";

    private final Set<String> secrets = new HashSet<>();
    private final List<String> told = new ArrayList<>();

    SecretContract(IdentityKit kit) {
        super(kit);
    }

    @Test
    void secretsAreToldNowhere() throws Exception {
        try (LibraryLog log = new LibraryLog()) {
            work(registration());
            work(registration().with("a-wrong-secret-of-tests-only"));
            work(registration().at(UnresponsivePeer.nowhere().toString()));
            told.addAll(log.lines());
        }
        nothingOfIt();
    }

    @Test
    void secretsAreToldNotEvenWhenTheProviderQuotesThem() throws Exception {
        Answer parrot = (request, target) -> {
            String said = (request.head() + " " + request.body()).replaceAll("[\r\n\"\\\\]+", " ");
            int status = request.body().length() % 2 == 0 ? 400 : 500;
            target.write(AnsweringPeer.message(
                    status,
                    Map.of("Content-Type", "application/json"),
                    "{\"error\": \"invalid_request " + said + "\", \"error_description\": \"" + said + "\"}"));
        };
        try (LibraryLog log = new LibraryLog()) {
            issuer().answerCodes(parrot);
            work(registration());
            work(registration().with("a-wrong-secret-of-tests-only-2"));
            issuer().answerAll(parrot);
            work(registration());
            told.addAll(log.lines());
        }
        nothingOfIt();
    }

    private void nothingOfIt() {
        assertThat(secrets).as("secrets that are long enough to be looked for").allMatch(text -> text.length() >= 8);
        for (String secret : secrets) {
            assertThat(told).noneMatch(text -> text.contains(secret));
        }
    }

    /** Opens an instance, does some of everything, and keeps all that is told of it. */
    private void work(Registration registration) throws Exception {
        TestAdapterContext context = context(Scope.of("acme", "dev"), fixture().configuration(registration));
        IdentityProvider instance = opened(context);
        String good = provider().token();
        List<String> tokens = new ArrayList<>(List.of(good, "Bearer " + good));
        Map<String, Object> claims = SigningKey.claims(good);
        claims.put("sub", "root-of-tests");
        tokens.add(SigningKey.changed(good, claims));
        tokens.add(SigningKey.foreign("key-of-nobody").sign(claims));
        tokens.add(SigningKey.unsigned("none", claims, ""));
        claims.put("exp", 1);
        tokens.add(SigningKey.foreign("key-of-nobody").sign(claims));
        for (String token : tokens) {
            keep(SigningKey.parts(token));
            act(() -> told.add(String.valueOf(validate(instance, token))));
        }
        if (login()) {
            act(() -> told.add(String.valueOf(instance.beginLogin(call(), beginning()))));
            act(() -> told.add(String.valueOf(instance.completeLogin(call(), with(CODE, NONCE, null)))));
            act(() -> {
                CompleteLogin login = loggedIn(instance);
                secrets.add(login.code());
                told.add(String.valueOf(instance.completeLogin(call(), login)));
            });
            act(() -> {
                CompleteLogin login = loggedIn(instance);
                secrets.add(login.code());
                instance.completeLogin(call(), with(login.code(), "nonce-of-another-login", null));
            });
            act(() -> instance.completeLogin(call(), with(CODE, "nonce with spaces in it", null)));
        }
        told.add(
                switch (instance.health()) {
                    case Health.Up up -> up.toString();
                    case Health.Degraded degraded -> degraded.reason();
                    case Health.Down down -> down.reason();
                });
        told.add(instance.toString());
        for (Class<? extends Record> type : context.configurationTypes()) {
            told.add(context.configuration(type).toString());
        }
        instance.close();
        told.addAll(context.logged());
        String both = registration.clientId() + ":" + registration.clientSecret();
        keep(List.of(
                registration.clientSecret(),
                Base64.getEncoder().encodeToString(both.getBytes(UTF_8)),
                CODE,
                VERIFIER,
                STATE,
                NONCE,
                "nonce-of-another-login",
                "nonce with spaces in it"));
    }

    private void keep(List<String> parts) {
        parts.stream().filter(part -> part.length() >= 8).forEach(secrets::add);
    }

    private void act(ThrowingCallable act) {
        try {
            act.call();
        } catch (ProblemException e) {
            told.add(Told.by(e));
        } catch (Throwable e) {
            throw new AssertionError("no problem, but " + e.getClass(), e);
        }
    }
}
