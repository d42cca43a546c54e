package rookery.cli.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import rookery.cli.Pretty;
import rookery.oci.json.Json;

class SchemaTest {
    private static final com.networknt.schema.Schema SCHEMA =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(text(Schema.json()), InputFormat.JSON);

    @Test
    void theSchemaInTheDocumentationIsTheOneOfTheTable() throws IOException {
        assertThat(Files.readString(Path.of("../docs/rookery.schema.json")))
                .as("docs/rookery.schema.json; `rookery schema` prints what it should be")
                .isEqualTo(Pretty.print(Schema.json()));
    }

    @Test
    void theCanonicalFileFitsTheSchema() {
        assertThat(complaints(Cases.canonical())).isEmpty();
    }

    @Test
    void whatTheReaderTakesTheSchemaTakesToo() {
        String spec =
                """
                version: 1
                x-note: {a: 1}
                project: app
                builds:
                  - main: ./cmd/app
                    flags: [-trimpath, "-gcflags=all=-l"]
                    env: {CGO_CFLAGS: -O2, x-why: 1}
                    overrides: {linux/amd64/v3: {tags: [fast]}}
                portage:
                  packages: ['>=net-misc/curl-8.5.0:0::rookery[static-libs]', 'x11-libs/gtk+']
                  use: [-debug, '*']
                  config: etc/portage
                platforms: [{platform: linux/amd64/v3, x-a: b}, linux/arm64/v8, windows/amd64]
                verify: {policy: static, run: [{args: [-v], time_limit: 1m30s}]}
                images:
                  - from: app
                    repository: localhost:5000/app
                    labels: {org.opencontainers.image.title: app}
                    include: [ca-certificates, {path: a, to: /a, mode: "0755"}]
                """;
        assertThat(Cases.said(spec)).isEmpty();
        assertThat(complaints(spec)).isEmpty();
    }

    @Test
    void editorsAreToldOfUnknownKeysMissingKeysAndWrongShapes() {
        assertThat(complaints("version: 1\n")).hasSize(3);
        assertThat(complaints(Cases.canonical() + "colour: red\n")).hasSize(1);
        assertThat(complaints(Cases.canonical().replace("linux/arm64", "linux/mips"))).isNotEmpty();
        assertThat(complaints(Cases.canonical().replace("portable", "magic"))).hasSize(1);
        assertThat(complaints(Cases.canonical().replace("CGO_CFLAGS", "GOFLAGS"))).hasSize(1);
    }

    private static List<String> complaints(String yaml) {
        Object loaded = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        return SCHEMA.validate(text(json(loaded)), InputFormat.JSON).stream()
                .map(Object::toString)
                .toList();
    }

    private static Json json(Object loaded) {
        return switch (loaded) {
            case Map<?, ?> map -> {
                var members = new LinkedHashMap<String, Json>();
                map.forEach((k, v) -> members.put(k.toString(), json(v)));
                yield new Json.Obj(members);
            }
            case List<?> list -> new Json.Arr(list.stream().map(SchemaTest::json).toList());
            case Boolean b -> new Json.Bool(b);
            case Integer i -> Json.number(i);
            default -> Json.text(loaded.toString());
        };
    }

    private static String text(Json json) {
        return new String(json.bytes(), StandardCharsets.UTF_8);
    }
}
