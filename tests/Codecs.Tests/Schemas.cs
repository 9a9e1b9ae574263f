namespace ExecutionPipeline.Codecs.Tests;

/// <summary>A small schema, and the ways to spoil it.</summary>
internal static class Schemas
{
    public const string Minimal = """
        <sbe:messageSchema xmlns:sbe="http://fixprotocol.io/2016/sbe" id="7" version="1" byteOrder="littleEndian">
          <types>
            <enum name="Colour" encodingType="uint8" description="A colour.">
              <validValue name="Red" description="Red.">0</validValue>
              <validValue name="Blue" description="Blue.">1</validValue>
            </enum>
          </types>
          <sbe:message name="THING" id="1" blockLength="8" description="A thing.">
            <field name="quantity" id="5" type="int32" offset="0"
              description="Contracts &amp; more, at least 0."/>
            <field name="colour" id="6" type="Colour" offset="4" description="Its colour."/>
          </sbe:message>
        </sbe:messageSchema>
        """;

    public static IEnumerable<TestCaseData> Faults()
    {
        yield return Fault("</types>", "", "types", 13);
        yield return Fault("sbe:messageSchema", "sbe:schema", "not sbe:messageSchema", 1);
        yield return Fault("littleEndian", "bigEndian", "byte order", 1);
        yield return Fault("offset=\"4\"", "offset=\"2\"", "field colour begins at 2, before", 11);
        yield return Fault("offset=\"0\"", "offset=\"1\"", "quantity at 1 is not aligned", 9);
        yield return Fault("offset=\"4\"", "offset=\"8\"", "colour ends at 9, after the block of 8", 11);
        yield return Fault("blockLength=\"8\"", "blockLength=\"7\"", "no multiple of 8", 8);
        yield return Fault("type=\"int32\"", "type=\"int24\"", "no type int24", 9);
        yield return Fault("type=\"Colour\"", "type=\"Color\"", "no type Color", 11);
        yield return Fault("id=\"6\"", "id=\"5\"", "field id 5 is there twice", 8);
        yield return Fault("name=\"colour\"", "name=\"quantity\"", "field Quantity is there twice", 8);
        yield return Fault(">1</validValue>", ">0</validValue>", "value 0 is there twice", 3);
        yield return Fault(">1</validValue>", ">256</validValue>", "does not fit uint8", 3);
        yield return Fault(">1</validValue>", ">one</validValue>", "\"one\" is no number", 5);
        yield return Fault(" description=\"Its colour.\"", "", "field colour has no description", 11);
        yield return Fault(" description=\"A thing.\"", "", "message THING has no description", 8);
        yield return Fault(" description=\"Blue.\"", "", "validValue Blue has no description", 5);
        yield return Fault("</sbe:message>", "<group name=\"legs\"/></sbe:message>", "group is not supported", 12);
    }

    private static TestCaseData Fault(string from, string to, string message, int line) =>
        new TestCaseData(from, to, message, line).SetArgDisplayNames(message);
}
