package io.maestro.conformance.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.adapter.spi.storage.SignUrl;
import io.maestro.conformance.LibraryLog;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.conformance.Told;
import io.maestro.conformance.UnresponsivePeer;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A secret is in no log, no failure, no health and no text of an object, whatever happens. */
abstract class SecretContract extends StorageContract {
    SecretContract(StorageKit kit) {
        super(kit);
    }

    @Test
    void secretsAreToldNowhere() throws IOException {
        Set<String> secrets = secrets(place());
        List<String> told = new ArrayList<>();
        try (LibraryLog log = new LibraryLog()) {
            told.addAll(work(place()));
            Map<String, ?> wrong = fixture().wrongCredentials(place());
            if (wrong != null) {
                secrets.addAll(secrets(wrong));
                told.addAll(work(wrong));
            }
            Map<String, ?> missing = fixture().containerMissing(place());
            if (missing != null) {
                told.addAll(work(missing));
            }
            Map<String, ?> nowhere = fixture().elsewhere(place(), UnresponsivePeer.nowhere());
            if (nowhere != null) {
                told.addAll(work(nowhere));
            }
            told.addAll(log.lines());
        }
        assertThat(secrets).as("secrets that are long enough to be looked for").allMatch(text -> text.length() >= 8);
        for (String secret : secrets) {
            assertThat(told).noneMatch(text -> text.contains(secret));
        }
        assertThat(secrets.isEmpty()).isEqualTo(manifest().secrets().isEmpty());
    }

    /** Opens an instance, does some of everything, and tells all that is told of it. */
    private List<String> work(Map<String, ?> configuration) throws IOException {
        List<String> told = new ArrayList<>();
        TestAdapterContext context = context(Scope.of("acme", "dev"), configuration);
        ObjectStorage instance = opened(context);
        List<ThrowingCallable> acts = new ArrayList<>(RefusalContract.acts(instance));
        acts.add(() -> instance.signedUrl(call(), new SignUrl("key", SignUrl.Access.READ, 60)));
        acts.add(() -> instance.getObject(call(), new GetObject("../up")));
        for (ThrowingCallable act : acts) {
            try {
                act.call();
            } catch (ProblemException e) {
                told.add(Told.by(e));
            } catch (Throwable e) {
                throw new AssertionError("no problem, but " + e.getClass(), e);
            }
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
        return told;
    }

    private Set<String> secrets(Map<String, ?> configuration) throws IOException {
        Set<String> secrets = new HashSet<>();
        for (String name : manifest().secrets()) {
            if (configuration.containsKey(name)) {
                secrets.add(String.valueOf(configuration.get(name)));
            }
        }
        return secrets;
    }
}
