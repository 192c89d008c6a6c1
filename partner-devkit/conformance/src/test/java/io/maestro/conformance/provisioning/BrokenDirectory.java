package io.maestro.conformance.provisioning;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.provisioning.CreateUser;
import io.maestro.adapter.spi.provisioning.ListUsers;
import io.maestro.adapter.spi.provisioning.Membership;
import io.maestro.adapter.spi.provisioning.MembershipState;
import io.maestro.adapter.spi.provisioning.PatchUser;
import io.maestro.adapter.spi.provisioning.ProvisionedUser;
import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import io.maestro.adapter.spi.provisioning.ProvisioningRules;
import io.maestro.adapter.spi.provisioning.ReplaceUser;
import io.maestro.adapter.spi.provisioning.UserAttributes;
import io.maestro.adapter.spi.provisioning.UserList;
import io.maestro.adapter.spi.provisioning.UserReference;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Provisioning adapters that are broken in one place each, as adapters get broken. */
enum BrokenDirectory {
    FORGETS_EXTERNAL_ID("forgets the external id", (system, context, factory) -> new SampleDirectory(system, context) {
        @Override
        ProvisionedUser add(CreateUser request) {
            ProvisionedUser made = super.add(request);
            return keep(
                    new ProvisionedUser(made.id(), null, made.attributes(), made.active(), null, made.roles(), null));
        }
    }),
    CREATES_TWICE(
            "creates the user of an earlier try again",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                ProvisionedUser add(CreateUser request) {
                    requireUnique(
                            request.attributes().userName(),
                            null,
                            request.attributes().userName());
                    return keep(made(request));
                }
            }),
    SEEKS_BY_USER_NAME(
            "takes the user name for what tells users apart",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                ProvisionedUser add(CreateUser request) {
                    ProvisionedUser there = first(user -> user.attributes()
                            .userName()
                            .equals(request.attributes().userName()));
                    return there == null ? keep(made(request)) : shown(there);
                }
            }),
    LOOKS_FIRST_AND_CREATES_THEN(
            "looks for the user of an earlier try, and creates it in another step",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                public ProvisionedUser createUser(CallContext call, CreateUser request) {
                    check(() -> ProvisioningRules.check(request));
                    enter(call.deadline());
                    ProvisionedUser there;
                    synchronized (place()) {
                        there = first(user -> request.externalId().equals(user.externalId()));
                        if (there == null) {
                            String userName = request.attributes().userName();
                            requireUnique(userName, null, userName);
                        }
                    }
                    LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                    synchronized (place()) {
                        return there == null ? keep(made(request)) : shown(there);
                    }
                }
            }),
    OVERWRITES_ON_CREATE(
            "overwrites the user of an earlier try",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                ProvisionedUser add(CreateUser request) {
                    ProvisionedUser there = super.add(request);
                    return keep(new ProvisionedUser(
                            there.id(),
                            there.externalId(),
                            request.attributes(),
                            there.active(),
                            null,
                            there.roles(),
                            null));
                }
            }),
    REACTIVATES_ON_CREATE(
            "lets a deactivated user log in again when it is created again",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                ProvisionedUser add(CreateUser request) {
                    ProvisionedUser there = super.add(request);
                    return there.active() || Boolean.FALSE.equals(request.active()) ? there : keep(active(there, true));
                }
            }),
    IGNORES_UNIQUENESS(
            "lets two users have one name", (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                void requireUnique(String name, @Nullable String id, String userName) {
                    // the fault
                }
            }),
    NAMES_NO_ATTRIBUTE(
            "does not say which value is taken", (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                void requireUnique(String name, @Nullable String id, String userName) {
                    try {
                        super.requireUnique(name, id, userName);
                    } catch (ProblemException e) {
                        throw SampleDoor.problem(ProvisioningProblem.PROVISIONING_USER_EXISTS, "the system said 409")
                                .asException();
                    }
                }
            }),
    CREATES_ALL_ACTIVE("creates every user active", (system, context, factory) -> new SampleDirectory(system, context) {
        @Override
        ProvisionedUser add(CreateUser request) {
            return super.add(new CreateUser(request.externalId(), request.attributes(), true));
        }
    }),
    FORGETS_ADDRESSES(
            "keeps the primary address only", (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                ProvisionedUser add(CreateUser request) {
                    List<String> emails = request.attributes().emails();
                    return super.add(new CreateUser(
                            request.externalId(),
                            with(request.attributes(), emails == null ? null : emails.subList(0, 1)),
                            request.active()));
                }
            }),
    SORTS_ADDRESSES(
            "gives addresses in another order", (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                ProvisionedUser add(CreateUser request) {
                    List<String> emails = request.attributes().emails();
                    return super.add(new CreateUser(
                            request.externalId(),
                            with(
                                    request.attributes(),
                                    emails == null
                                            ? null
                                            : emails.stream().sorted().toList().reversed()),
                            request.active()));
                }
            }),
    MERGES_ON_REPLACE(
            "leaves what a replacement does not have",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                public ProvisionedUser replaceUser(CallContext call, ReplaceUser request) {
                    ProvisionedUser before = getUser(call, new UserReference(request.id()));
                    UserAttributes merged = new UserAttributes(
                            request.attributes().userName(),
                            before.attributes().givenName(),
                            before.attributes().familyName(),
                            before.attributes().displayName(),
                            before.attributes().emails());
                    return super.replaceUser(call, new ReplaceUser(request.id(), merged, request.ifMatch()));
                }
            }),
    REACTIVATES_ON_REPLACE(
            "lets a deactivated user log in again when it is replaced",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                ProvisionedUser replaced(ProvisionedUser user, UserAttributes attributes) {
                    return active(super.replaced(user, attributes), true);
                }
            }),
    DROPS_ROLES_ON_REPLACE(
            "takes a replaced user its roles", (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                ProvisionedUser replaced(ProvisionedUser user, UserAttributes attributes) {
                    ProvisionedUser replaced = super.replaced(user, attributes);
                    return new ProvisionedUser(
                            replaced.id(), replaced.externalId(), attributes, replaced.active(), null, List.of(), null);
                }
            }),
    CLEARS_ON_PATCH(
            "takes what a patch does not set for what it clears",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                UserAttributes patched(ProvisionedUser user, Map<String, String> set) {
                    UserAttributes patched = super.patched(user, set);
                    return new UserAttributes(
                            patched.userName(),
                            set.get("givenName"),
                            set.get("familyName"),
                            set.get("displayName"),
                            null);
                }
            }),
    PATCHES_ONE_ONLY(
            "sets the first attribute of a patch only",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                public ProvisionedUser patchUser(CallContext call, PatchUser request) {
                    Map<String, String> first = request.set().size() < 2
                            ? request.set()
                            : Map.of("displayName", request.set().getOrDefault("displayName", "x"));
                    return super.patchUser(call, new PatchUser(request.id(), first, request.ifMatch()));
                }
            }),
    CREATES_ON_CHANGE(
            "creates a user that is to be changed and is not there",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                public ProvisionedUser replaceUser(CallContext call, ReplaceUser request) {
                    synchronized (place()) {
                        place().users()
                                .putIfAbsent(
                                        request.id(),
                                        new ProvisionedUser(
                                                request.id(), null, request.attributes(), true, null, null, "1"));
                    }
                    return super.replaceUser(call, request);
                }
            }),
    IGNORES_IF_MATCH(
            "changes another state than the expected one",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                void requireCondition(ProvisionedUser user, @Nullable String ifMatch) {
                    // the fault
                }
            }),
    ONE_ETAG_FOR_ALL(
            "gives all states of a user the same ETag",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                String etag(ProvisionedUser user) {
                    return "W/\"" + user.id() + "\"";
                }
            }),
    CHECKS_FIRST_AND_CHANGES_THEN(
            "checks the condition in a step of its own",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                public ProvisionedUser patchUser(CallContext call, PatchUser request) {
                    synchronized (place()) {
                        if (place().users().containsKey(request.id())) {
                            requireCondition(user(request.id()), request.ifMatch());
                        }
                    }
                    LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
                    return super.patchUser(call, new PatchUser(request.id(), request.set(), null));
                }
            }),
    IGNORES_CONDITION_WITHOUT_ETAGS(
            "leaves conditions out because its directory has no ETags",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                void requireCondition(ProvisionedUser user, @Nullable String ifMatch) {
                    // the fault
                }

                @Override
                @Nullable
                String etag(ProvisionedUser user) {
                    return null;
                }
            }) {
        @Override
        Set<ProvisioningFixture.Offer> offers() {
            return EnumSet.complementOf(EnumSet.of(ProvisioningFixture.Offer.ETAGS));
        }
    },
    TELLS_OF_ROLES_THAT_ARE_NOT(
            "says that a role is given, though its directory has none",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                public MembershipState assignRole(CallContext call, Membership request) {
                    check(() -> {});
                    enter(call.deadline());
                    return new MembershipState(request.userId(), request.target(), true);
                }
            }) {
        @Override
        Set<ProvisioningFixture.Offer> offers() {
            return EnumSet.complementOf(EnumSet.of(ProvisioningFixture.Offer.ROLES));
        }
    },
    DELETES_THE_DEACTIVATED(
            "deletes who is deactivated", (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                public ProvisionedUser deactivateUser(CallContext call, UserReference request) {
                    ProvisionedUser after = super.deactivateUser(call, request);
                    synchronized (place()) {
                        place().users().remove(request.id());
                    }
                    return after;
                }
            }),
    SAYS_INACTIVE_ONLY(
            "says that a user is inactive, and leaves it active",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                public ProvisionedUser deactivateUser(CallContext call, UserReference request) {
                    return active(getUser(call, request), false);
                }
            }),
    REMEMBERS_WHO_IS_INACTIVE(
            "keeps to itself who is deactivated", (system, context, factory) -> new SampleDirectory(system, context) {
                private final Set<String> inactive = ConcurrentHashMap.newKeySet();

                @Override
                ProvisionedUser active(ProvisionedUser user, boolean active) {
                    if (active) {
                        inactive.remove(user.id());
                    } else {
                        inactive.add(user.id());
                    }
                    return super.active(user, active || user.active());
                }

                @Override
                ProvisionedUser shown(ProvisionedUser user) {
                    ProvisionedUser shown = super.shown(user);
                    return new ProvisionedUser(
                            shown.id(),
                            shown.externalId(),
                            shown.attributes(),
                            shown.active() && !inactive.contains(shown.id()),
                            shown.groups(),
                            shown.roles(),
                            shown.etag());
                }
            }),
    DEACTIVATES_ONCE(
            "fails to deactivate who is inactive", (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                public ProvisionedUser deactivateUser(CallContext call, UserReference request) {
                    if (!getUser(call, request).active()) {
                        throw SampleDoor.problem(ProvisioningProblem.PROVISIONING_VALUE_REFUSED, "inactive already")
                                .asException();
                    }
                    return super.deactivateUser(call, request);
                }
            }),
    NEVER_REACTIVATES("reactivates nobody", (system, context, factory) -> new SampleDirectory(system, context) {
        @Override
        public ProvisionedUser reactivateUser(CallContext call, UserReference request) {
            return getUser(call, request);
        }
    }),
    REPLACES_MEMBERS(
            "replaces the members of a group by the new one",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                void group(Set<String> members, String user, boolean member) {
                    if (member) {
                        members.clear();
                    }
                    super.group(members, user, member);
                }
            }),
    REMOVES_ALL_MEMBERS(
            "empties a group to take one out of it",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                void group(Set<String> members, String user, boolean member) {
                    super.group(members, user, member);
                    if (!member) {
                        members.clear();
                    }
                }
            }),
    JOINS_ONCE(
            "fails to put into a group who is in it",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                void group(Set<String> members, String user, boolean member) {
                    if (members.contains(user) == member) {
                        throw SampleDoor.problem(ProvisioningProblem.PROVISIONING_USER_EXISTS, "so already")
                                .asException();
                    }
                    super.group(members, user, member);
                }
            }),
    MAKES_GROUPS("makes a group that is not there", (system, context, factory) -> new SampleDirectory(system, context) {
        @Override
        Set<String> members(String group) {
            return place().groups().computeIfAbsent(group, name -> new TreeSet<>());
        }
    }),
    JOINS_NOBODY(
            "puts a user into a group who is not there",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                void requireUser(String id) {
                    // the fault
                }
            }),
    REPLACES_ROLES(
            "replaces the roles of a user by the new one",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                void role(List<String> roles, String role, boolean member) {
                    roles.clear();
                    super.role(roles, role, member);
                }
            }),
    DOUBLES_ROLES("gives a role twice", (system, context, factory) -> new SampleDirectory(system, context) {
        @Override
        void role(List<String> roles, String role, boolean member) {
            if (member) {
                roles.add(role);
            } else {
                super.role(roles, role, false);
            }
        }
    }),
    FINDS_BY_BEGINNING(
            "finds all whose name begins so", (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                boolean fits(ListUsers request, ProvisionedUser user) {
                    return request.userName() == null
                            ? super.fits(request, user)
                            : user.attributes().userName().startsWith(request.userName());
                }
            }),
    LETS_FILTERS_IN(
            "takes a value for a part of the filter",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                boolean fits(ListUsers request, ProvisionedUser user) {
                    return super.fits(request, user)
                            || (request.userName() != null && request.userName().contains("\" or "));
                }
            }),
    IGNORES_CONDITIONS_OF_LISTS(
            "lists all, whatever the condition", (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                boolean fits(ListUsers request, ProvisionedUser user) {
                    return true;
                }
            }),
    PAGES_OVERLAP(
            "begins a page with the last user of the one before",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                UserList page(List<ProvisionedUser> all, int start, int limit) {
                    return super.page(all, Math.max(0, start - 1), limit);
                }
            }),
    PAGES_SKIP("leaves a user out between pages", (system, context, factory) -> new SampleDirectory(system, context) {
        @Override
        UserList page(List<ProvisionedUser> all, int start, int limit) {
            return super.page(all, start == 0 ? 0 : Math.min(all.size(), start + 1), limit);
        }
    }),
    ONE_PAGE_ONLY(
            "forgets the rest of a list that is longer than a page",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                UserList page(List<ProvisionedUser> all, int start, int limit) {
                    return new UserList(super.page(all, start, limit).users(), null);
                }
            }),
    ALWAYS_ANOTHER_PAGE(
            "gives a next after a last page that is full",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                UserList page(List<ProvisionedUser> all, int start, int limit) {
                    UserList page = super.page(all, start, limit);
                    return page.users().size() < limit
                            ? page
                            : new UserList(page.users(), Integer.toString(start + limit));
                }
            }),
    IGNORES_THE_LIMIT(
            "gives all users in one page", (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                UserList page(List<ProvisionedUser> all, int start, int limit) {
                    return super.page(all, start, Integer.MAX_VALUE / 2);
                }
            }),
    DOES_NOT_CHECK(
            "does not check what it is asked", (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                void check(Runnable rules) {
                    // the fault
                }
            }),
    FAILS_IN_ITS_OWN_WAY(
            "fails with an exception of its own when a user is missing",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                ProvisionedUser user(String id) {
                    ProvisionedUser user = place().users().get(id);
                    if (user == null) {
                        throw new NoSuchElementException(id);
                    }
                    return user;
                }
            }),
    NAMES_NO_USER(
            "does not say which user is missing", (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                ProvisionedUser user(String id) {
                    try {
                        return super.user(id);
                    } catch (ProblemException e) {
                        throw SampleDoor.problem(ProvisioningProblem.PROVISIONING_USER_NOT_FOUND, "the system said 404")
                                .asException();
                    }
                }
            }),
    CREDENTIALS_ARE_A_FAILURE(
            "calls wrong credentials a failure of the directory",
            (system, context, factory) -> new Renaming(
                    system,
                    context,
                    problem -> problem.code().equals(ProvisioningProblem.PROVISIONING_ACCESS_DENIED.code())
                            ? SampleDoor.problem(ProvisioningProblem.PROVISIONING_FAILED, problem.detail())
                            : problem)),
    MISSING_IS_NO_USER(
            "calls a missing directory a missing user",
            (system, context, factory) -> new Renaming(
                    system,
                    context,
                    problem -> problem.detail().endsWith("404")
                            ? SampleDoor.problem(ProvisioningProblem.PROVISIONING_USER_NOT_FOUND, problem.detail())
                            : problem)),
    NEVER_AGAIN(
            "says that an unreachable directory need not be tried again",
            (system, context, factory) -> new Renaming(
                    system,
                    context,
                    problem -> problem.code().equals(ProvisioningProblem.PROVISIONING_UNREACHABLE.code())
                            ? problem.with(Retry.never())
                            : problem)),
    AGAIN_AT_ONCE(
            "does not heed when the directory wants to be asked again",
            (system, context, factory) -> new Renaming(
                    system,
                    context,
                    problem -> problem.retry() instanceof Retry.After
                            ? problem.with(Retry.after(Duration.ZERO))
                            : problem)),
    AGAIN_FOR_EVER(
            "says that what is forbidden may be tried again",
            (system, context, factory) ->
                    new Renaming(system, context, problem -> problem.with(Retry.after(Duration.ZERO)))),
    BLAMES_THE_CALLER(
            "blames the caller for an answer that makes no sense",
            (system, context, factory) -> new Renaming(
                    system,
                    context,
                    problem -> problem.detail().endsWith("200")
                            ? SampleDoor.problem(ProvisioningProblem.PROVISIONING_VALUE_REFUSED, problem.detail())
                            : problem)),
    FOLLOWS_REDIRECTS(
            "follows a redirect with its credentials",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                void enter(Instant deadline) {
                    HttpResponse<String> answer = ask(URI.create(configuration.endpoint() + "/" + placeName()));
                    String location = answer == null
                            ? ""
                            : answer.headers().firstValue("Location").orElse("");
                    if (!location.isEmpty()) {
                        ask(URI.create(location));
                    }
                    super.enter(deadline);
                }

                private @Nullable HttpResponse<String> ask(URI address) {
                    HttpRequest request = HttpRequest.newBuilder(address)
                            .timeout(Duration.ofSeconds(2))
                            .header(
                                    "Authorization",
                                    "Bearer " + configuration.password().reveal())
                            .build();
                    try {
                        return context.http().send(request, BodyHandlers.limiting(BodyHandlers.ofString(), 10_000));
                    } catch (IOException e) {
                        return null; // the sound part tells
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return null;
                    }
                }
            }),
    UP_WITHOUT_ASKING(
            "says that it is up without asking", (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                public Health health() {
                    return new Health.Up();
                }
            }),
    ASKS_WHEN_IT_OPENS("asks the directory when it opens, and fails when there is none", (system, context, factory) -> {
        SampleDirectory directory = new SampleDirectory(system, context);
        directory.enter(context.clock().instant().plusSeconds(10));
        return directory;
    }),
    OVERRUNS_THE_DEADLINE(
            "waits for an answer beyond the deadline",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                void enter(Instant deadline) {
                    super.enter(deadline.plusSeconds(600));
                }
            }),
    GOES_ON_WHEN_INTERRUPTED(
            "goes on waiting when it is interrupted",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                void enter(Instant deadline) {
                    try {
                        super.enter(deadline);
                    } catch (ProblemException e) {
                        if (Thread.interrupted()) {
                            super.enter(deadline);
                        }
                        throw e;
                    }
                }
            }),
    LOGS_THE_PASSWORD(
            "writes the password to the log", (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                void enter(Instant deadline) {
                    context.logger()
                            .log(
                                    System.Logger.Level.DEBUG,
                                    "asks with {0}",
                                    configuration.password().reveal());
                    super.enter(deadline);
                }
            }),
    NAMES_THE_PASSWORD(
            "names the refused password in the problem",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                void enter(Instant deadline) {
                    try {
                        super.enter(deadline);
                    } catch (ProblemException e) {
                        throw e.problem().code().equals(ProvisioningProblem.PROVISIONING_ACCESS_DENIED.code())
                                ? SampleDoor.problem(
                                                ProvisioningProblem.PROVISIONING_ACCESS_DENIED,
                                                configuration.password().reveal() + " is refused")
                                        .asException()
                                : e;
                    }
                }
            }),
    PASSES_ON_WHAT_IS_QUOTED(
            "passes on what the directory says, though it quotes the password",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                void enter(Instant deadline) {
                    HttpRequest request = HttpRequest.newBuilder(
                                    URI.create(configuration.endpoint() + "/" + placeName()))
                            .timeout(Duration.ofSeconds(2))
                            .header(
                                    "Authorization",
                                    "Bearer " + configuration.password().reveal())
                            .build();
                    String body = "";
                    try {
                        body = context.http()
                                .send(request, BodyHandlers.limiting(BodyHandlers.ofString(), 10_000))
                                .body();
                    } catch (IOException e) {
                        body = ""; // the sound part tells
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    try {
                        super.enter(deadline);
                    } catch (ProblemException e) {
                        throw new Problem(
                                        e.problem().code(),
                                        e.problem().category(),
                                        e.problem().status(),
                                        e.problem().title(),
                                        e.problem().detail() + " " + body,
                                        e.problem().fix(),
                                        List.of(),
                                        e.problem().retry())
                                .asException(e);
                    }
                }
            }),
    PLACE_OF_THE_FIRST(
            "uses the directory of the tenant that came first",
            (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                String placeName() {
                    synchronized (factory) {
                        if (factory.isEmpty()) {
                            factory.add(configuration.place());
                        }
                        return factory.getFirst().toString();
                    }
                }
            }),
    ONE_DOOR_FOR_ALL(
            "closes all instances with one", (system, context, factory) -> new SampleDirectory(system, context) {
                @Override
                void enter(Instant deadline) {
                    if (!factory.isEmpty()) {
                        throw SampleDoor.problem(ProvisioningProblem.PROVISIONING_CLOSED, "one was closed")
                                .asException();
                    }
                    super.enter(deadline);
                }

                @Override
                public void close() {
                    factory.add("closed");
                    super.close();
                }
            }),
    WORKS_ON("works on after it was closed", (system, context, factory) -> new SampleDirectory(system, context) {
        @Override
        public void close() {
            // the fault
        }
    }),
    LEAVES_A_THREAD("leaves a thread behind", (system, context, factory) -> {
        Thread.ofPlatform().daemon().name("left-behind").start(system::awaitEnd);
        return new SampleDirectory(system, context);
    }),
    HOLDS_ON("holds on to closed instances", (system, context, factory) -> {
        SampleDirectory directory = new SampleDirectory(system, context);
        factory.add(directory);
        return directory;
    }),
    SECRET_IN_THE_OPEN("does not mark its secret in the manifest", "without-secret.yaml"),
    MANIFEST_OF_ANOTHER_TYPE("names another type in the manifest", "of-another-type.yaml"),
    MANIFEST_INCOMPLETE("leaves out what the manifest has to have", "incomplete.yaml");

    private final String fault;
    private final String manifest;

    @SuppressWarnings("ImmutableEnumChecker") // the openings are lambdas that capture nothing
    private final Opening opening;

    /** Opens a broken instance; {@code factory} is what all instances of one factory share. */
    private interface Opening {
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory);
    }

    BrokenDirectory(String fault, Opening opening) {
        this.fault = fault;
        this.manifest = "adapter.yaml";
        this.opening = opening;
    }

    BrokenDirectory(String fault, String manifest) {
        this.fault = fault;
        this.manifest = manifest;
        this.opening = (system, context, factory) -> new SampleDirectory(system, context);
    }

    /** What is wrong with it, as the end of a sentence. */
    String fault() {
        return fault;
    }

    /** The manifest on the class path. */
    String manifest() {
        return manifest;
    }

    /** What its author declares. */
    Set<ProvisioningFixture.Offer> offers() {
        return EnumSet.allOf(ProvisioningFixture.Offer.class);
    }

    AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
        return opening.open(system, context, factory);
    }

    private static UserAttributes with(UserAttributes attributes, @Nullable List<String> emails) {
        return new UserAttributes(
                attributes.userName(),
                attributes.givenName(),
                attributes.familyName(),
                attributes.displayName(),
                emails);
    }

    /** Tells what the door says in its own way. */
    private static final class Renaming extends SampleDirectory {
        private final UnaryOperator<Problem> names;

        Renaming(SampleSystem system, AdapterContext context, UnaryOperator<Problem> names) {
            super(system, context);
            this.names = names;
        }

        @Override
        void enter(Instant deadline) {
            try {
                super.enter(deadline);
            } catch (ProblemException e) {
                throw names.apply(e.problem()).asException(e);
            }
        }
    }
}
