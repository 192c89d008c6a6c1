package io.maestro.policy;

import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.Outcome;
import io.maestro.api.policy.PolicyInput;
import io.maestro.api.policy.PolicyProblem;
import io.maestro.model.Actor;
import io.maestro.model.Actor.Standing;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.policy.PolicyRows.Stored;
import io.maestro.rego.value.ObjectValue;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps people from locking everybody out. Before packs of the installation, modes or settings change, what would decide
 * then is asked whether the change could be undone: by a platform admin, or by whoever makes it, alone or with a second
 * person. What is locked already may change to anything, for that is the way out.
 */
final class WayBack {
    private static final String PACK = "policy-pack";
    private static final String MODES = "policy-modes";
    private static final String SETTINGS = "policy-settings";
    private static final Act ROLLBACK = new Act(PACK + ".rollback", PACK, ActivePolicies.MAIN);
    private static final Act PUT_MODES = new Act(MODES + ".put", MODES, "-");

    private final ActivePolicies policies;
    private final InstantSource clock;

    WayBack(ActivePolicies policies, InstantSource clock) {
        this.policies = policies;
        this.clock = clock;
    }

    /** An act that undoes something. */
    private record Act(String action, String subjectType, String subject) {}

    /** Why a pack of the installation could not be taken back; empty when it can. */
    Optional<String> againstPack(String name, UnaryOperator<Stored> change, Actor actor) {
        List<Act> undo = name.equals(ActivePolicies.MAIN)
                ? List.of(ROLLBACK, PUT_MODES)
                : List.of(new Act(PACK + ".remove", PACK, name), ROLLBACK, PUT_MODES);
        return against(change, undo, actor);
    }

    /** Refuses modes that could not be changed again. */
    void requireAfterModes(UnaryOperator<Stored> change, Actor actor) {
        against(change, List.of(PUT_MODES, ROLLBACK), actor).ifPresent(why -> {
            throw lockedOut("these modes", why);
        });
    }

    /** Refuses settings that could not be changed again. Those that another engine is told of are its own to undo. */
    void requireAfterSettings(UnaryOperator<Stored> change, Actor actor) {
        if (policies.elsewhere() == null) {
            List<Act> undo = List.of(new Act(SETTINGS + ".put", SETTINGS, "-"), PUT_MODES, ROLLBACK);
            against(change, undo, actor).ifPresent(why -> {
                throw lockedOut("these settings", why);
            });
        }
    }

    static ProblemException lockedOut(String what, String why) {
        return Problem.of(
                        PolicyProblem.POLICY_LOCKS_OUT,
                        "with " + what + " " + why,
                        "Leave platform admins the acts policy-pack.rollback, policy-pack.remove, policy-modes.put and"
                                + " policy-settings.put; maestro simulate shows what else would change.")
                .asException();
    }

    private Optional<String> against(UnaryOperator<Stored> change, List<Act> undo, Actor actor) {
        try {
            Optional<String> after = locked(policies.candidate(change), undo, actor);
            return after.isEmpty() || isLocked(undo, actor) ? Optional.empty() : after;
        } catch (EngineException e) {
            return Optional.of("nobody could be asked whether it may be undone: " + e.getMessage());
        }
    }

    private boolean isLocked(List<Act> undo, Actor actor) {
        try {
            return locked(policies.current(), undo, actor).isPresent();
        } catch (EngineException e) {
            return true;
        }
    }

    private Optional<String> locked(Active active, List<Act> undo, Actor actor) {
        Actor admin = admin("token:check", null);
        List<Actor> who = new ArrayList<>(List.of(admin));
        if (actor.standing().tenant() == null) {
            who.add(actor);
        }
        for (Act act : undo) {
            if (who.stream().noneMatch(one -> isPossible(active, act, one))) {
                return Optional.of("no platform admin could do " + act.action() + " any more");
            }
        }
        return Optional.empty();
    }

    private boolean isPossible(Active active, Act act, Actor actor) {
        PolicyInput question = new PolicyInput(
                EntryPoint.ACT,
                act.action(),
                actor,
                null,
                null,
                act.subjectType(),
                act.subject(),
                Map.of("configuration", Json.EMPTY_OBJECT));
        return switch (outcome(active, question)) {
            case ALLOW -> true;
            case APPROVAL -> outcome(active, approving(question)) == Outcome.ALLOW;
            case DENY, UNAVAILABLE -> false;
        };
    }

    /** A second person would have to approve it, so one has to be able to. */
    private static PolicyInput approving(PolicyInput question) {
        Json request = Json.object(Map.of(
                "id", "check",
                "entryPoint", question.entryPoint().path(),
                "action", question.action(),
                "requestedBy", question.actor().id(),
                "requestedByPerson", question.actor().id(),
                "verdict", "approve",
                "reason", "check"));
        return new PolicyInput(
                EntryPoint.APPROVAL_DECIDE,
                "approval.approve",
                admin("token:second-check", "token:second-check"),
                null,
                null,
                "approval",
                "check",
                Map.of("request", request));
    }

    private static Actor admin(String id, @Nullable String person) {
        return new Actor(id, "-").with(new Standing(List.of("platform_admin"), null, null, Map.of(), person));
    }

    private Outcome outcome(Active active, PolicyInput question) {
        Instant now = clock.instant();
        ObjectValue document = Inputs.of(question, now);
        return Court.hear(active, null, question.entryPoint(), null, document, now)
                .judgement()
                .outcome();
    }
}
