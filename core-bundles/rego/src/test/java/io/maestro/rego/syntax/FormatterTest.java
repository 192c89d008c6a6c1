package io.maestro.rego.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FormatterTest {
    @Test
    void writesThePolicyInTheOneUsualWay() {
        String text = """
                # about it all
                package   a.b["c-d"]
                import data.z
                import   data.x.y as q   # why
                default allow:=false
                # METADATA
                # title: t
                allow   if { input.x ==1 ;  not q[input.y]
                  # inside
                  some i,v in [1,2 , {"a":3}]   # at the end
                  i+v*(2-1) > (i|v)
                  every k in {"a"} { k in z; k != "b" }
                }
                f(x,[y,_]):="big" if x>10 else := "small" if { x > 5 } else := $"none {x}"
                s contains x if some x in [ n | n := 1 ; n > 0 ] with input as {} with data.q as 1
                p[x].y := `^\\d+$` if x := "k"
                # last
                """;

        assertThat(Formatter.format("p.rego", text)).isEqualTo("""
                # about it all
                package a.b["c-d"]

                # why
                import data.x.y as q
                import data.z

                default allow := false

                # METADATA
                # title: t
                allow if {
                	input.x == 1
                	not q[input.y]
                	# inside
                	some i, v in [1, 2, {"a": 3}] # at the end
                	i + v * (2 - 1) > i | v
                	every k in {"a"} {
                		k in z
                		k != "b"
                	}
                }

                f(x, [y, _]) := "big" if x > 10
                else := "small" if x > 5
                else := $"none {x}"

                s contains x if some x in [n | n := 1; n > 0] with input as {} with data.q as 1
                p[x].y := `^\\d+$` if x := "k"

                # last
                """);
    }

    @Test
    void changesNothingInWhatIsFormatted() {
        String once = Formatter.format("p.rego", """
                package p
                # one
                a := 1 # two

                # three
                b if { # four
                  x := [1,
                    2]
                  # five
                }
                c := 3
                d := {"k": {y | y := 1}, "l": (1, 2 in [2])}
                """);

        assertThat(Formatter.format("p.rego", once)).isEqualTo(once);
    }
}
