package io.maestro.adapter.provisioning.scim;

import io.maestro.adapter.spi.provisioning.CreateUser;
import io.maestro.adapter.spi.provisioning.ProvisionedUser;
import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import io.maestro.adapter.spi.provisioning.ProvisioningRules;
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

    /** Whether a new user's external id was seen to be kept. */
    private volatile boolean keepsExternalId;

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
        ProvisionedUser made = body == null
                ? find(Filter.equal("externalId", request.externalId()), request, about, deadline)
                : read(body, about, deadline);
        if (made == null) {
            throw Failures.notScim(about, "does not show the user that it created");
        }
        requireExternalId(made, request, about);
        if (!keepsExternalId) {
            // some show what they were sent and forget it, and then no later call would find the user
            requireExternalId(read(get(made.id(), about, deadline), about, deadline), request, about);
            keepsExternalId = true;
        }
        boolean wanted = ProvisioningRules.active(request);
        return made.active() == wanted ? made : active(made.id(), wanted, deadline);
    }

    private static void requireExternalId(ProvisionedUser made, CreateUser request, About about) {
        String shown = made.externalId();
        if (!request.externalId().equals(shown)) {
            throw Failures.problem(
                    ProvisioningProblem.PROVISIONING_FAILED,
                    about.subject() + ", attribute externalId: the directory takes the new user, and shows "
                            + (shown == null ? "none" : '"' + Failures.printable(shown) + '"'),
                    "Have the directory keep externalId, which some want declared first, and see there what became of the user: no"
                            + " later call will find it.");
        }
    }

    /** Believes only what the directory says afterwards: somebody relies on it that a user cannot log in any more. */
    ProvisionedUser active(String id, boolean wanted, Instant deadline) {
        About about = About.user(id, List.of("active"));
        ProvisionedUser after = change(
                new Change(
                        id,
                        about,
                        false,
                        before -> Patch.replace(Map.of("active", wanted)),
                        before -> Users.with(before, "active", wanted),
                        null),
                deadline);
        if (after.active() != wanted) {
            throw Failures.problem(
                    ProvisioningProblem.PROVISIONING_FAILED,
                    about.with("") + ": the directory takes the change, and says that the user is "
                            + (wanted ? "inactive" : "active") + " still",
                    "Change the user in the directory itself, and see why it does not do what it is asked.");
        }
        return after;
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
        requireSame(user, id, about);
        return user;
    }

    private static void requireSame(Map<String, @Nullable Object> user, String id, About about) {
        if (!(user.get("id") instanceof String found && found.equalsIgnoreCase(id))) {
            throw Failures.notScim(about, "is not that user");
        }
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
        Answer answer = can.patch() && !change.replaces()
                ? send(request("PATCH", change, change.patch().apply(Map.of())).ifMatch(ifMatch), change, deadline)
                : afterReading(change, can, deadline);
        try {
            Map<String, @Nullable Object> body = answer.body();
            Map<String, @Nullable Object> after = body == null ? get(change.id(), change.about(), deadline) : body;
            requireSame(after, change.id(), change.about());
            return Users.read(after, change.about(), can.etag());
        } catch (ProblemException e) {
            throw ifMatch == null ? e : done(e, change.about());
        }
    }

    /**
     * Changes the state that was read, so that what somebody else does meanwhile is not lost. Where nothing promises that the
     * directory heeds the state, single attributes are changed rather than the whole user sent back.
     */
    private Answer afterReading(Change change, Capabilities can, Instant deadline) {
        Map<String, @Nullable Object> before = get(change.id(), change.about(), deadline);
        String state = condition(before);
        if (change.ifMatch() != null && !change.ifMatch().equals(state)) {
            throw Failures.changed(change.about());
        }
        ScimRequest request = can.patch() && !(can.etag() && state != null)
                ? request("PATCH", change, change.patch().apply(before))
                : request("PUT", change, change.whole().apply(before));
        try {
            return send(request.ifMatch(state), change, deadline);
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

    /** The state, also of a directory that does not say that it has ETags; null when no header can say it. */
    private static @Nullable String condition(Map<String, @Nullable Object> user) {
        String state = Users.etag(user);
        return state != null && sendable(state) ? state : null;
    }

    private static boolean sendable(String etag) {
        return etag.matches("[ -~]+");
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

    /** It was done, so that a second try would break its condition, whatever kept the directory from showing the user. */
    private static ProblemException done(ProblemException failure, About about) {
        Problem problem = failure.problem();
        if (problem.retry() instanceof Retry.Never) {
            return failure;
        }
        return Problem.of(
                        ProvisioningProblem.PROVISIONING_FAILED,
                        about.subject() + ": the directory took the change, and did not show the user then: "
                                + problem.detail(),
                        "Read the user to see what it is like now; the change need not be made again.")
                .asException(failure);
    }

    private static void requireCondition(Capabilities can, String ifMatch, About about) {
        if (!can.etag()) {
            throw Failures.problem(
                    ProvisioningProblem.PROVISIONING_UNSUPPORTED,
                    about.subject() + ": the directory has no ETags, so ifMatch cannot hold",
                    "Leave ifMatch out, or use a directory that offers ETags.");
        }
        if (!sendable(ifMatch)) {
            // no header can say it, so it is none that a directory gave
            throw Failures.changed(about);
        }
    }

    /** What the directory can; asked until it has said so once. */
    Capabilities capabilities(Instant deadline) {
        Capabilities told = known;
        if (told == null) {
            told = ask(deadline);
        }
        return told;
    }

    private Capabilities ask(Instant deadline) {
        About about = About.directory();
        Answer answer = connection.any(ScimRequest.of("GET", "/ServiceProviderConfig"), about, deadline);
        Map<String, @Nullable Object> body = answer.body();
        return switch (answer.status()) {
            // some keep it to themselves; a refusal may pass, so it is not kept
            case 403, 404, 405, 501 -> Capabilities.UNTOLD;
            default -> {
                if (!answer.good()) {
                    throw connection.problem(answer, about);
                }
                Capabilities told = body == null ? Capabilities.UNTOLD : Capabilities.of(body);
                known = told;
                yield told;
            }
        };
    }
}
