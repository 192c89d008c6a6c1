package io.maestro.adapter.provisioning.scim;

import io.maestro.adapter.spi.provisioning.CreateUser;
import io.maestro.adapter.spi.provisioning.ProvisionedUser;
import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Users of the directory: creates, reads and changes them. Keeps nothing but what the directory can. */
final class Accounts {
    private final Connection connection;
    private volatile @Nullable Capabilities known;

    Accounts(Connection connection) {
        this.connection = connection;
    }

    /**
     * Creates the user unless one of this external id is there. When the directory says that a value is taken, it may be by a
     * try that came between, or by one that a directory that cannot filter by external id has not shown before.
     */
    ProvisionedUser create(CreateUser request, Instant deadline) {
        String userName = request.attributes().userName();
        About about = About.newUser(userName, Users.named(request.attributes()));
        ProvisionedUser there = find(Filter.equal("externalId", request.externalId()), request, about, deadline);
        if (there != null) {
            return there;
        }
        Answer answer = connection.any(ScimRequest.of("POST", "/Users").body(Users.created(request)), about, deadline);
        if (answer.good()) {
            return created(answer, request, about, deadline);
        }
        ProblemException refusal = connection.problem(answer, about);
        if (refusal.problem().code().equals(ProvisioningProblem.PROVISIONING_USER_EXISTS.code())) {
            for (String filter :
                    List.of(Filter.equal("externalId", request.externalId()), Filter.equal("userName", userName))) {
                there = find(filter, request, about, deadline);
                if (there != null) {
                    return there;
                }
            }
        }
        throw refusal;
    }

    private ProvisionedUser created(Answer answer, CreateUser request, About about, Instant deadline) {
        Map<String, @Nullable Object> body = answer.body();
        if (body != null) {
            return read(body, about, deadline);
        }
        ProvisionedUser there = find(Filter.equal("externalId", request.externalId()), request, about, deadline);
        if (there == null) {
            throw Failures.notScim(about, "does not show the user that it created");
        }
        return there;
    }

    /** The user of the request's external id among those that a filter finds; null when there is none. */
    private @Nullable ProvisionedUser find(String filter, CreateUser request, About about, Instant deadline) {
        Answer answer = connection.any(
                ScimRequest.of("GET", "/Users")
                        .query("filter", filter)
                        .query("startIndex", "1")
                        .query("count", "2"),
                about,
                deadline);
        if (answer.status() == 400 && answer.scimType().equals("invalidFilter")) {
            // it cannot seek by this; that a value is taken shows when the user is created
            return null;
        }
        Map<String, @Nullable Object> body = answer.body();
        if (!answer.good() || body == null) {
            throw answer.good() ? Failures.notScim(about, "has no body") : connection.problem(answer, about);
        }
        List<Map<String, @Nullable Object>> same = Page.of(body, about).resources().stream()
                .filter(user -> request.externalId().equals(user.get("externalId")))
                .toList();
        if (same.size() > 1) {
            throw Failures.problem(
                    ProvisioningProblem.PROVISIONING_FAILED,
                    about.subject() + ", attribute externalId: the directory has several users of \""
                            + Failures.printable(request.externalId()) + "\"",
                    "Give all but one of them another external id in the directory, or delete them.");
        }
        return same.isEmpty() ? null : read(same.getFirst(), about, deadline);
    }

    /** The user, as the directory has it. */
    Map<String, @Nullable Object> get(String id, About about, Instant deadline) {
        Map<String, @Nullable Object> user =
                connection.object(ScimRequest.of("GET", ScimRequest.user(id)), about, deadline);
        if (!(user.get("id") instanceof String found && found.equalsIgnoreCase(id))) {
            throw Failures.notScim(about, "is not that user");
        }
        return user;
    }

    /** The user, as the contract has it. */
    ProvisionedUser read(Map<String, @Nullable Object> user, About about, Instant deadline) {
        return Users.read(user, about, capabilities(deadline).etag());
    }

    /** Changes the user and gives it as it is afterwards. */
    ProvisionedUser change(Change change, Instant deadline) {
        Capabilities can = capabilities(deadline);
        String ifMatch = change.ifMatch();
        if (ifMatch != null) {
            requireCondition(can, ifMatch, change.about());
        }
        Map<String, ?> patch = change.patch();
        Answer answer = patch != null && can.patch()
                ? send(request("PATCH", change, patch).ifMatch(ifMatch), change, deadline)
                : put(change, can, deadline);
        Map<String, @Nullable Object> after = answer.body();
        return read(after == null ? get(change.id(), change.about(), deadline) : after, change.about(), deadline);
    }

    /** Replaces the state that was read, so that what somebody else does meanwhile is not lost where there are ETags. */
    private Answer put(Change change, Capabilities can, Instant deadline) {
        Map<String, @Nullable Object> before = get(change.id(), change.about(), deadline);
        String state = can.etag() ? Users.etag(before) : null;
        if (change.ifMatch() != null && !change.ifMatch().equals(state)) {
            throw Failures.changed(change.about());
        }
        try {
            return send(request("PUT", change, change.whole().apply(before)).ifMatch(state), change, deadline);
        } catch (ProblemException e) {
            if (change.ifMatch() == null
                    && e.problem().code().equals(ProvisioningProblem.PROVISIONING_PRECONDITION_FAILED.code())) {
                throw Failures.passing(
                        ProvisioningProblem.PROVISIONING_FAILED,
                        change.about().subject() + ": somebody else changed the user at the same time",
                        "Try again.",
                        Duration.ZERO);
            }
            throw e;
        }
    }

    private static ScimRequest request(String method, Change change, Map<String, ?> body) {
        return ScimRequest.of(method, ScimRequest.user(change.id())).body(body);
    }

    private Answer send(ScimRequest request, Change change, Instant deadline) {
        try {
            return connection.send(request, change.about(), deadline);
        } catch (ProblemException e) {
            throw change.ifMatch() == null ? e : onlyOnce(e);
        }
    }

    /** Whether it was done, nobody knows; a second try would break its condition on the first. */
    private static ProblemException onlyOnce(ProblemException failure) {
        Problem problem = failure.problem();
        boolean unreachable = problem.code().equals(ProvisioningProblem.PROVISIONING_UNREACHABLE.code());
        boolean failed = problem.code().equals(ProvisioningProblem.PROVISIONING_FAILED.code());
        if (!(unreachable || failed) || problem.retry() instanceof Retry.Never) {
            return failure;
        }
        return Problem.of(
                        unreachable
                                ? ProvisioningProblem.PROVISIONING_UNREACHABLE
                                : ProvisioningProblem.PROVISIONING_FAILED,
                        problem.detail(),
                        "Read the user to see whether it was done, and decide anew.")
                .asException(failure);
    }

    private static void requireCondition(Capabilities can, String ifMatch, About about) {
        if (!can.etag()) {
            throw Failures.problem(
                    ProvisioningProblem.PROVISIONING_UNSUPPORTED,
                    about.subject() + ": the directory has no ETags, so ifMatch cannot hold",
                    "Leave ifMatch out, or use a directory that offers ETags.");
        }
        if (!ifMatch.matches("[ -~]+")) {
            // no header can say it, so it is none that a directory gave
            throw Failures.changed(about);
        }
    }

    /** What the directory can; asked once. */
    Capabilities capabilities(Instant deadline) {
        Capabilities told = known;
        if (told == null) {
            told = ask(deadline);
            known = told;
        }
        return told;
    }

    private Capabilities ask(Instant deadline) {
        About about = About.directory();
        Answer answer = connection.any(ScimRequest.of("GET", "/ServiceProviderConfig"), about, deadline);
        Map<String, @Nullable Object> body = answer.body();
        return switch (answer.status()) {
            // some keep it to themselves
            case 403, 404, 405, 501 -> Capabilities.UNTOLD;
            default -> {
                if (!answer.good()) {
                    throw connection.problem(answer, about);
                }
                yield body == null ? Capabilities.UNTOLD : Capabilities.of(body);
            }
        };
    }
}
