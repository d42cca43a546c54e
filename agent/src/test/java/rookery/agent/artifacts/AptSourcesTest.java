package rookery.agent.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AptSourcesTest {
    @Test
    void linesOfBinariesBecomeLinesOfSources() {
        assertThat(
                        AptSources.lines(
                                """
                                # a comment
                                deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian stable main
                                deb-src http://mirror.example/debian stable main
                                deb http://mirror.example/debian stable main
                                """))
                .contains(
                        """
                        deb-src [signed-by=/k.gpg] http://mirror.example/debian stable main
                        deb-src http://mirror.example/debian stable main
                        """);
    }

    @Test
    void stanzasKeepTheirKeysAndLoseTheirArchitectures() {
        assertThat(
                        AptSources.stanzas(
                                """
                                Types: deb
                                # a comment
                                URIs: http://mirror.example/debian
                                Suites: stable
                                Architectures: amd64
                                Signed-By:
                                 -----BEGIN
                                 .
                                 -----END

                                Types: deb
                                Enabled: no
                                URIs: http://off.example
                                """))
                .contains(
                        """
                        Types: deb-src
                        URIs: http://mirror.example/debian
                        Suites: stable
                        Signed-By:
                         -----BEGIN
                         .
                         -----END
                        """);
    }

    @Test
    void nothingLeftIsNothing() {
        assertThat(AptSources.lines("# none\n")).isEmpty();
        assertThat(AptSources.stanzas("# none\n")).isEmpty();
    }
}
