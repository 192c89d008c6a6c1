package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.policy.Simulation;
import io.maestro.rest.SimulationBodies.NewSimulation;
import io.maestro.rest.SimulationBodies.SimulationBody;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Tries other policies. */
@Path("/policy:simulate")
@Produces(MediaType.APPLICATION_JSON)
public final class SimulationResource {
    private final Simulation simulation;

    SimulationResource(Simulation simulation) {
        this.simulation = simulation;
    }

    /** Decides again. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.PLATFORM_AUDIT)
    @ChangesNothing
    @Operation(
            operationId = "simulatePlatformPolicy",
            summary = "Lists what other packs or modes would decide otherwise; changes nothing",
            description =
                    "Asks given inputs, or what was asked last. With modes alone it shows what a rule would refuse"
                            + " if it were enforced.")
    @Answers(SimulationBody.class)
    public Object simulate(NewSimulation wanted) {
        return SimulationBody.of(simulation.simulate(null, wanted.candidate("maestro")));
    }
}
