package io.maestro.api.trust;

import io.maestro.model.DefinitionId;
import io.maestro.model.Json;
import io.maestro.model.TypeName;
import java.util.List;

/**
 * What an adapter says of itself in {@code META-INF/maestro/adapter.yaml}, checked against the manifest schema
 * ({@code partner-devkit/contracts/adapter-manifest.schema.json}).
 *
 * @param id name and version
 * @param type the adapter type
 * @param contractVersion the version of the type's contract, {@code MAJOR.MINOR}
 * @param description one sentence for people
 * @param owner who answers for it
 * @param licence an SPDX expression
 * @param risk its risk posture
 * @param configuration JSON Schema 2020-12 of an instance's configuration; secrets are marked {@code writeOnly}
 * @param permissions what it wants
 * @param document the whole manifest as JSON
 */
public record AdapterManifest(
        DefinitionId id,
        TypeName type,
        String contractVersion,
        String description,
        String owner,
        String licence,
        Risk risk,
        Json configuration,
        Permissions permissions,
        Json document) {

    /**
     * Risk posture (story 1.2).
     *
     * @param level {@code adapter_risk_level}: low, medium, high
     * @param dataSensitivity {@code data_sensitivity}: public, internal, confidential, restricted
     * @param requiresApproval {@code requires_approval}
     */
    public record Risk(String level, String dataSensitivity, boolean requiresApproval) {}

    /**
     * What it wants.
     *
     * @param network hosts it may talk to, as {@code host} or {@code host:port}; a leading {@code *.} stands for subdomains;
     *     {@code ${name}} stands for the host of the URL in that configuration property
     * @param files whether it keeps files in its own folder
     * @param packages imported packages beyond the contract
     */
    public record Permissions(List<String> network, boolean files, List<String> packages) {
        /** Copies the lists. */
        public Permissions {
            network = List.copyOf(network);
            packages = List.copyOf(packages);
        }
    }
}
