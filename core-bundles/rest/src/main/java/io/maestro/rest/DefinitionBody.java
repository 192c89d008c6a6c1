package io.maestro.rest;

import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.trust.AdapterManifest;
import io.maestro.model.Json;
import java.time.Instant;
import java.util.List;

/** An adapter definition as it crosses the wire. */
record DefinitionBody(
        String id,
        String name,
        String version,
        String type,
        String contractVersion,
        String description,
        String owner,
        String licence,
        Risk risk,
        Permissions permissions,
        Json configurationSchema,
        List<SettingBody> settings,
        String digest,
        long size,
        String publisher,
        String key,
        Instant createdAt,
        String createdBy) {

    static DefinitionBody of(Definition definition) {
        AdapterManifest manifest = definition.manifest();
        return new DefinitionBody(
                manifest.id().toString(),
                manifest.id().name().value(),
                manifest.id().version().value(),
                manifest.type().value(),
                manifest.contractVersion(),
                manifest.description(),
                manifest.owner(),
                manifest.licence(),
                new Risk(
                        manifest.risk().level(),
                        manifest.risk().dataSensitivity(),
                        manifest.risk().requiresApproval()),
                new Permissions(
                        manifest.permissions().network(),
                        manifest.permissions().files(),
                        manifest.permissions().packages()),
                manifest.configuration(),
                definition.settings().stream()
                        .map(one -> new SettingBody(one.pointer(), one.required(), one.secret()))
                        .toList(),
                definition.digest().toString(),
                definition.size(),
                definition.publisher().value(),
                definition.key().toString(),
                definition.createdAt(),
                definition.createdBy());
    }

    record SettingBody(String pointer, boolean required, boolean secret) {}

    record Risk(String level, String dataSensitivity, boolean requiresApproval) {}

    record Permissions(List<String> network, boolean files, List<String> packages) {}
}
