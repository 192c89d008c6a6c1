package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.identity.Role;
import io.maestro.api.tenancy.Members;
import io.maestro.api.tenancy.Members.Expected;
import io.maestro.api.tenancy.Members.Grant;
import io.maestro.api.tenancy.Members.Member;
import io.maestro.api.tenancy.TenancyProblem;
import io.maestro.model.Environment;
import io.maestro.model.Problem;
import io.maestro.model.TenantId;
import io.maestro.model.Violation;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Members of a tenant. */
@Path("/tenants/{tenant}/members")
@Produces(MediaType.APPLICATION_JSON)
public final class MembersResource {
    private static final int MOST_ROLES = 10;

    private final Members members;

    MembersResource(Members members) {
        this.members = members;
    }

    /** Lists members. */
    @GET
    @Allows(Action.TENANT_AUDIT)
    @Operation(operationId = "listMembers", summary = "Lists the members of a tenant, by principal")
    @Answers(value = MemberBody.class, list = true)
    public Object list(
            @PathParam("tenant") String tenant,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(members.members(new TenantId(tenant), ListBody.request(limit, cursor)), MemberBody::of);
    }

    /** One member. */
    @GET
    @Path("{member: .+}")
    @Allows(Action.TENANT_AUDIT)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-None-Match",
            description = "An ETag; answered with 304 when it is still that.")
    @Operation(operationId = "getMember", summary = "Gives one member of a tenant")
    @Answers(MemberBody.class)
    public Response member(
            @PathParam("tenant") String tenant,
            @PathParam("member") String member,
            @Context ContainerRequestContext request) {
        Member found = members.member(new TenantId(tenant), member)
                .orElseThrow(() -> Problem.of(
                                TenancyProblem.MEMBER_UNKNOWN, "the tenant has no such member", "List its members.")
                        .asException());
        return Tags.answer(request, Long.toString(found.revision()), MemberBody.of(found));
    }

    /** Makes somebody a member, or changes what it is. */
    @PUT
    @Path("{member: .+}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_WRITE)
    @Governed(value = "member.change", subject = "member", planned = true)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The ETag as last seen; another revision is refused with 412.")
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-None-Match",
            description = "Only *: not when it is a member already.")
    @Operation(
            operationId = "putMember",
            summary = "Makes a principal a member of a tenant, or changes what it is",
            description =
                    "The roles are those of a tenant: tenant_admin, tenant_developer, auditor, service."
                            + " With dryRun=true, the answer is the plan and nothing is done; with plan=DIGEST, it is done only as planned.")
    @Answers(MemberBody.class)
    public Response put(
            @PathParam("tenant") String tenant,
            @PathParam("member") String member,
            NewMember wanted,
            @QueryParam("dryRun") @Nullable String dryRun,
            @QueryParam("plan") @Nullable String plan,
            @Context ContainerRequestContext request) {
        TenantId id = new TenantId(tenant);
        Grant grant = wanted.grant(member);
        AtomicReference<Expected> seen = new AtomicReference<>(expected(request));
        return ChangePlan.answer(
                dryRun,
                plan,
                request,
                () -> {
                    Optional<Member> before = members.before(id, member, grant, Objects.requireNonNull(seen.get()));
                    // what the plan was made from is what the act starts from
                    seen.set(before.<Expected>map(one -> new Expected.Revision(one.revision()))
                            .orElseGet(Expected.Absence::new));
                    return MemberPlans.change(
                            id, member, before.map(Member::grant).orElse(null), grant);
                },
                () -> {
                    Member put =
                            members.put(id, member, grant, Objects.requireNonNull(seen.get()), Caller.actor(request));
                    return Response.ok(MemberBody.of(put))
                            .header("ETag", Tags.quoted(Long.toString(put.revision())))
                            .build();
                });
    }

    /** Ends a membership. */
    @DELETE
    @Path("{member: .+}")
    @Allows(Action.TENANT_WRITE)
    @Governed(value = "member.remove", subject = "member", planned = true)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The ETag as last seen; another revision is refused with 412.")
    @Operation(
            operationId = "removeMember",
            summary = "Ends a membership; what the member does from then on is refused",
            description =
                    "With dryRun=true, the answer is the plan and nothing is done; with plan=DIGEST, it is done only as planned.")
    @Answers(value = Void.class, status = 204)
    public Response remove(
            @PathParam("tenant") String tenant,
            @PathParam("member") String member,
            @QueryParam("dryRun") @Nullable String dryRun,
            @QueryParam("plan") @Nullable String plan,
            @Context ContainerRequestContext request) {
        TenantId id = new TenantId(tenant);
        AtomicReference<@Nullable Long> seen = new AtomicReference<>(Tags.revision(request));
        return ChangePlan.answer(
                dryRun,
                plan,
                request,
                () -> {
                    Long revision = seen.get();
                    Expected expected = revision == null ? new Expected.Anything() : new Expected.Revision(revision);
                    Member before = members.before(id, member, null, expected).orElseThrow();
                    seen.set(before.revision());
                    return MemberPlans.change(id, member, before.grant(), null);
                },
                () -> {
                    members.remove(id, member, seen.get(), Caller.actor(request));
                    return Response.noContent().build();
                });
    }

    private static Expected expected(ContainerRequestContext request) {
        String absent = request.getHeaderString("If-None-Match");
        Long revision = Tags.revision(request);
        if (absent == null) {
            return revision == null ? new Expected.Anything() : new Expected.Revision(revision);
        }
        if (!absent.strip().equals("*") || request.getHeaderString("If-Match") != null) {
            throw Wire.invalid(
                    "the header If-None-Match is not *, or If-Match is there too",
                    "Send If-None-Match: * to add, or If-Match with an ETag to change.",
                    List.of());
        }
        return new Expected.Absence();
    }

    @Schema(example = "{\"displayName\":\"Anna\",\"roles\":[\"tenant_developer\"],\"environment\":\"dev\"}")
    record NewMember(
            @Nullable String displayName,
            List<Role> roles,
            @Nullable String environment) {
        NewMember {
            Wire.required("/roles", roles);
            if (roles.size() > MOST_ROLES) {
                throw Wire.invalid(
                        "these are " + roles.size() + " roles",
                        "Give at most " + MOST_ROLES + ".",
                        List.of(new Violation("/roles", "is too long")));
            }
            for (int i = 0; i < roles.size(); i++) {
                Wire.required("/roles/" + i, roles.get(i));
            }
        }

        Grant grant(String member) {
            return new Grant(
                    displayName == null ? member : displayName,
                    Set.copyOf(roles),
                    Query.of(environment, Environment::new));
        }
    }

    record MemberBody(
            String tenant,
            String principal,
            String displayName,
            List<Role> roles,
            @Nullable String environment,
            long revision,
            Instant createdAt,
            Instant updatedAt) {
        static MemberBody of(Member member) {
            Environment environment = member.grant().environment();
            return new MemberBody(
                    member.tenant().value(),
                    member.principal(),
                    member.grant().displayName(),
                    List.copyOf(member.grant().roles()),
                    environment == null ? null : environment.value(),
                    member.revision(),
                    member.createdAt(),
                    member.updatedAt());
        }
    }
}
