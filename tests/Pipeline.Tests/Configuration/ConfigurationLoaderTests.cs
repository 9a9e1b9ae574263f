using System.Collections;
using System.Text;
using ExecutionPipeline.Pipeline.Configuration;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Tests.Configuration;

/// <summary>Layers of a configuration, and what is said of one that cannot be used.</summary>
public sealed class ConfigurationLoaderTests
{
    private const string Future = "instruments: [{ id: 1, symbol: ES }]\n";

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-layers-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldLetEachLayerReplaceSingleKeysOfThoseBelow()
    {
        Write(
            "base.yaml", Future + "limits: { max_position: 2, max_order_size: 2, max_notional: 2, max_daily_var: 2 }");
        var file = Write(
            "xp.yaml", "extends: [base.yaml]\nlimits: { max_order_size: 3, max_notional: 3, max_daily_var: 3 }");
        var loaded = ConfigurationLoader.Load(new ConfigurationSources
        {
            File = file,
            Variables = [Variable("LIMITS__MAX_NOTIONAL", "4"), Variable("Limits__MaxDailyVar", "4")],
            Settings = [ConfigurationSetting.Option("--set", "limits.max_daily_var", "5")],
        });

        var limits = loaded.Options.Limits;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((limits.MaxPosition, limits.MaxOrderSize), Is.EqualTo((2, 3)));
            Assert.That((limits.MaxNotional, limits.MaxDailyVar, limits.MaxWeeklyVar), Is.EqualTo((4m, 5d, 15_000d)));
            Assert.That(PlaceOf(loaded, "limits.max_position"), Is.EqualTo($"{_folder}/base.yaml:2:25"));
            Assert.That(PlaceOf(loaded, "limits.max_order_size"), Is.EqualTo($"{file}:2:27"));
            Assert.That(PlaceOf(loaded, "limits.max_notional"), Is.EqualTo("XP__LIMITS__MAX_NOTIONAL"));
            Assert.That(PlaceOf(loaded, "limits.max_daily_var"), Is.EqualTo("--set"));
            Assert.That(PlaceOf(loaded, "limits.max_weekly_var"), Is.EqualTo("default"));
        }
    }

    [Test]
    public void ShouldLeaveTheOtherKeysWhenAnObjectIsGivenByAVariableOrAnOption()
    {
        var file = Write(
            "xp.yaml", Future + "limits: { max_position: 2, max_order_size: 2 }\naccount: { rates: { EUR: 1.08 } }");
        var loaded = ConfigurationLoader.Load(new ConfigurationSources
        {
            File = file,
            Variables = [Variable("LIMITS", "{ max_order_size: 1 }"), Variable("ACCOUNT__RATES", "{ GBP: 1.26 }")],
            Settings = [ConfigurationSetting.Option("--set", "limits", "{ max_notional: 3 }")],
        });

        var (limits, rates) = (loaded.Options.Limits, loaded.Options.Account.Rates);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((limits.MaxPosition, limits.MaxOrderSize, limits.MaxNotional), Is.EqualTo((2, 1, 3m)));
            Assert.That((rates["EUR"], rates["GBP"]), Is.EqualTo((1.08m, 1.26m)));
            Assert.That(PlaceOf(loaded, "limits.max_position"), Is.EqualTo($"{file}:2:25"));
            Assert.That(PlaceOf(loaded, "limits.max_order_size"), Is.EqualTo("XP__LIMITS"));
            Assert.That(PlaceOf(loaded, "limits.max_notional"), Is.EqualTo("--set"));
            Assert.That(PlaceOf(loaded, "limits.max_weekly_var"), Is.EqualTo("default"));
        }
    }

    [Test]
    public void ShouldSayTheSameWhenYamlIsWrittenAsJson()
    {
        var yaml = Load(
            """
            # A comment.
            limits:
              max_daily_var: 1e4
              breakers: { paused_strategies: [vwap_aggressive] }
            trading_day: { roll_time: 17:30 }
            calendars:
            - name: "x"
              closed_dates: [2026-12-25]
            instruments:
            - { id: 1, symbol: NO, calendar: x }
            """);
        var json = Load(
            """
            {
              // A comment.
              "limits": { "max_daily_var": 1e4, "breakers": { "paused_strategies": ["vwap_aggressive"] } },
              "trading_day": { "roll_time": "17:30:00" },
              "calendars": [{ "name": "x", "closed_dates": ["2026-12-25"] }],
              "instruments": [{ "id": 1, "symbol": "NO", "calendar": "x", }]
            }
            """);

        var decisive = PipelineConfiguration.DecisiveOf(json.Options);
        Assert.That(PipelineConfiguration.DecisiveOf(yaml.Options), Is.EqualTo(decisive));
        Assert.That(yaml.Options.Instruments[0].Symbol, Is.EqualTo("NO"), "a word of its key's kind, not a no");
        Assert.That(yaml.Options.TradingDay.RollTime, Is.EqualTo(new TimeOnly(17, 30)));
    }

    [Test]
    public void ShouldSetAnEntryOfAListWhenAVariableNamesItsNumber()
    {
        var loaded = Load(
            Future, Variable("INSTRUMENTS__0__DAILY_VOLATILITY", "0.02"), Variable("INSTRUMENTS__1__ID", "2"),
            Variable("INSTRUMENTS__1__SYMBOL", "NQ"), Variable("RING__PROCESSORS", "[0, 1]"),
            Variable("ACCOUNT__RATES__EUR", "1.08"), Variable("EXECUTION__REPLACE__TWAP_5MIN", "ADAPTIVE"));

        var options = loaded.Options;
        Assert.That(options.Instruments.Select(static one => one.Symbol), Is.EqualTo(["ES", "NQ"]));
        Assert.That(options.Instruments.Select(static one => one.DailyVolatility), Is.EqualTo([0.02, 0.015]));
        Assert.That(options.Ring.Processors, Is.EqualTo([0, 1]));
        Assert.That(options.Account.Rates["EUR"], Is.EqualTo(1.08m));
        Assert.That(options.Execution.Replace["TWAP_5MIN"], Is.EqualTo("ADAPTIVE"));
    }

    [TestCase("LIMITS__MAX_POSITON", "1", "there is no key limits.max_positon; did you mean 'max_position'?")]
    [TestCase("LIMITS__MAX_POSITION", "", "limits.max_position is : it must be a whole number")]
    [TestCase("LIMITS", "5", "limits is 5: it must be an object")]
    [TestCase("LIMITS__MAX_POSITION__X", "5", "limits.max_position is a whole number: it has no keys")]
    [TestCase("INSTRUMENTS__ES__ID", "5", "instruments is a list: name an entry by its number")]
    [TestCase("INSTRUMENTS__7__ID", "5", "the list has 1 entries")]
    [TestCase("RING__PROCESSORS", "[0, x]", "ring.processors[1] is x: it must be a whole number")]
    [TestCase("RING__PROCESSORS", "[0, ", "ring.processors: ")]
    [TestCase("", "5", "there is no key")]
    [TestCase("EXTENDS", "[base.yaml]", "extends stands in a file alone")]
    [TestCase("EXTENDS__0", "base.yaml", "extends stands in a file alone")]
    public void ShouldNameTheVariableWhenItCannotBeUsed(string name, string value, string expected) => Assert.That(
        () => Load(Future, Variable(name, value)),
        Throws.TypeOf<InvalidDataException>().With.Message.StartsWith($"XP__{name}: ").And.Message.Contains(expected));

    [Test]
    public void ShouldNameBothVariablesWhenTheySetTheSameKey()
    {
        Assert.That(
            () => Load(Future, Variable("LIMITS__MAX_POSITION", "5"), Variable("limits__maxposition", "6")),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                "XP__limits__maxposition: limits.max_position is set by XP__LIMITS__MAX_POSITION too: remove one"));
        Assert.That(
            () => Load(Future, Variable("INSTRUMENTS__0__ID", "5"), Variable("INSTRUMENTS__00__ID", "6")),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("instruments[0].id is set by"));
    }

    [Test]
    public void ShouldTakeOnlyVariablesThatBeginWithThePrefix()
    {
        var all = new Hashtable { ["XP__A"] = "1", ["XP_SUPERVISED"] = "1", ["PATH"] = "/" };

        Assert.That(ConfigurationSources.VariablesOf(all).Select(static one => one.Source), Is.EqualTo(["XP__A"]));
    }

    [Test]
    public void ShouldNameEveryProblemWithItsPlace()
    {
        var problems = new List<ConfigurationProblem>();
        var file = Write(
            "xp.yaml", "limits:\n  max_positon: 3\n  max_notional: -1\n  kill_switch: yes\nring:\n  wait: spn\n");

        Assert.That(ConfigurationLoader.TryLoad(new ConfigurationSources { File = file }, problems), Is.Null);
        Assert.That(
            problems.Select(static one => one.ToString()),
            Is.EqualTo(
            [
                $"{file}:2:3: there is no key limits.max_positon; did you mean 'max_position'?",
                $"{file}:3:17: limits.max_notional is -1: it must be above 0 and at most 1000000000000 "
                    + "(in the account's currency)",
                $"{file}:4:16: limits.kill_switch is yes: it must be an object: {{...}}",
                $"{file}:6:9: ring.wait is spn: it must be one of auto, spin, yield, block",
            ]));
        Assert.That(problems[0].Nearest, Is.EqualTo("max_position"));
        Assert.That(problems[1].Value, Is.EqualTo("-1"));
    }

    [Test]
    public void ShouldNameTheFileAndTheKeyWhenTwoKeysDoNotGoTogether()
    {
        var file = Write("xp.yaml", Future + "limits:\n  min_order_size: 9\n");

        Assert.That(
            () => ConfigurationLoader.Load(new ConfigurationSources { File = file }),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith($"{file}:3:19: ")
                .And.Message.Contains("set min_order_size to 1 to max_order_size contracts"));
    }

    [Test]
    public void ShouldNameTheVenueWhenOneInAnotherProcessIsToBeSeveral()
    {
        var file = Write("xp.yaml", Future
            + "routing:\n  venues: [{ name: a }, { name: b }]\nvenue:\n  kind: process\n");

        Assert.That(
            () => ConfigurationLoader.Load(new ConfigurationSources { File = file }),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith($"{file}:5:9: ")
                .And.Message.Contains("venue.kind is process").And.Message.Contains("routing.venues has 2"));
    }

    [TestCase("extends: [xp.yaml]", "it lies over itself")]
    [TestCase("extends: [missing.yaml]", "missing.yaml")]
    [TestCase("extends: missing.yaml", "extends is missing.yaml: it must be a list")]
    public void ShouldRefuseWhatItCannotLieOver(string text, string expected)
    {
        var file = Write("xp.yaml", text);

        Assert.That(
            () => ConfigurationLoader.Load(new ConfigurationSources { File = file }),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith($"{file}:1:").And.Message.Contains(expected));
    }

    [TestCase("limits: { max_position: \"3\" }", "limits.max_position is \"3\": it must be a whole number")]
    [TestCase("limits: { max_daily_var: .inf }", "limits.max_daily_var is .inf: it must be a number")]
    [TestCase("limits: { max_daily_var: Infinity }", "limits.max_daily_var is Infinity: it must be a number")]
    [TestCase("limits: { max_position: 1, max_position: 2 }", "limits.max_position is written twice")]
    [TestCase("limits: { max_position: &a 1 }", "anchors and tags are not taken")]
    [TestCase("limits: *a", "*a is an alias")]
    [TestCase("limits: !!map {}", "anchors and tags are not taken")]
    [TestCase("limits: {}\n---\nring: {}", "a second document begins")]
    [TestCase("limits: [1\nring: 2", "")]
    [TestCase("? [a]\n: 1", "a key must be a word")]
    [TestCase("# nothing\n", "it is empty")]
    [TestCase("limits: {\n \"max_position\": 3,, }", "")]
    public void ShouldRefuseYamlThatIsNoConfiguration(string yaml, string expected)
    {
        var file = Write("xp.yaml", yaml);

        Assert.That(
            () => ConfigurationLoader.Load(new ConfigurationSources { File = file }),
            Throws.TypeOf<InvalidDataException>().With.Message.Matches($@"^{file}:\d+:\d+: .+")
                .And.Message.Contains(expected));
    }

    [TestCase("{\n  \"account\": { \"currency\": \"a\\ud800\" } }", 28)]
    [TestCase("{\n  \"account\": { \"\\udc00\": 1 } }", 16)]
    public void ShouldNameThePlaceWhenJsonHoldsHalfOfACharacter(string json, int column)
    {
        var file = Write("xp.json", json);

        Assert.That(
            () => ConfigurationLoader.Load(new ConfigurationSources { File = file }),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith($"{file}:2:{column}: ")
                .And.Message.Contains("half of a surrogate pair"));
    }

    /// <summary>A file that was cut off or has wrong bytes is refused, and nothing else may come of it.</summary>
    [TestCase("xp.yaml")]
    [TestCase("xp.json")]
    public void ShouldRefuseOrTakeAnyTextAndNeverFail(string name)
    {
        var yaml = Future + "limits: { max_position: 3 }\ncalendars:\n- name: \"x\"\n  closed_dates: [2026-12-25]\n";
        var whole = Encoding.UTF8.GetBytes(name.EndsWith("yaml", StringComparison.Ordinal)
            ? yaml
            : """{ "limits": { "max_position": 3 }, "instruments": [ { "id": 1, "symbol": "ES" } ] }""");
        const string disturbing = "{}[]:,-\"'#&*!|>% \n\t?\\ax1\u00ff";
        var random = TestSeed.NewRandom();
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = whole[..random.Next(whole.Length + 1)];
            for (var changes = random.Next(4); changes > 0 && bytes.Length > 0; changes--)
            {
                var at = random.Next(bytes.Length);
                if (random.Next(8) == 0)
                    bytes = [.. bytes[..at], .. "\\ud800"u8, .. bytes[at..]];
                else
                    bytes[at] = (byte)disturbing[random.Next(disturbing.Length)];
            }

            var problems = new List<ConfigurationProblem>();
            var text = new ConfigurationText(name, bytes);

            var loaded = ConfigurationLoader.TryLoad(new ConfigurationSources { Texts = [text] }, problems);

            Assert.That(loaded is null, Is.EqualTo(problems.Count > 0), Convert.ToBase64String(bytes));
        }
    }

    private static string PlaceOf(LoadedConfiguration loaded, string key) =>
        loaded.Values.Single(value => value.Key == key).Place.ToString();

    private static ConfigurationSetting Variable(string name, string value) =>
        new(PlaceKind.Variable, $"XP__{name}", name, value);

    private static LoadedConfiguration Load(string text, params ConfigurationSetting[] variables) =>
        ConfigurationLoader.Load(new ConfigurationSources
        {
            Texts = [new ConfigurationText("", Encoding.UTF8.GetBytes(text))],
            Variables = variables,
        });

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
