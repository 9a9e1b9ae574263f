using ExecutionPipeline.Control.Alerts;

namespace ExecutionPipeline.Control.Tests.Alerts;

/// <summary>When an alert is raised, told, told again and over.</summary>
public sealed class AlertBookTests
{
    private static readonly DateTime Start = new(2026, 11, 28, 10, 0, 0, DateTimeKind.Utc);

    private readonly List<Alert> _kept = [];
    private readonly List<AlertNotice> _told = [];
    private AlertBook _book = null!;

    [SetUp]
    public void Begin()
    {
        _kept.Clear();
        _told.Clear();
        _book = new AlertBook(new AlertSettings(), _kept.Add, _told.Add);
    }

    [TestCase(AlertSeverity.Critical, 5)]
    [TestCase(AlertSeverity.High, 15)]
    [TestCase(AlertSeverity.Warning, 15)]
    public void ShouldTellOnceAndRemindWhenItLastsBeyondItsCoolDown(AlertSeverity severity, int minutes)
    {
        var coolDown = TimeSpan.FromMinutes(minutes);
        Take(TimeSpan.Zero, true, severity);
        Take(TimeSpan.FromSeconds(1), true, severity);
        Take(coolDown - TimeSpan.FromSeconds(1), true, severity);
        Assert.That(States, Is.EqualTo(new[] { NoticeState.Firing }));

        Take(coolDown, true, severity);
        Take(coolDown + TimeSpan.FromSeconds(1), true, severity);
        Assert.That(States, Is.EqualTo(new[] { NoticeState.Firing, NoticeState.Reminder }));
        Assert.That(_book.Active, Has.Count.EqualTo(1));
    }

    [Test]
    public void ShouldSayThatItIsOverWhenItIs()
    {
        Take(TimeSpan.Zero, true);
        Take(TimeSpan.FromSeconds(9), false);

        Assert.That(States, Is.EqualTo(new[] { NoticeState.Firing, NoticeState.Resolved }));
        Assert.That(_book.Active, Is.Empty);
        Assert.That(_book.Resolved.Single().ResolvedAt, Is.EqualTo(Start + TimeSpan.FromSeconds(9)));
    }

    /// <summary>A critical alert that comes and goes while nobody is to be told is told later.</summary>
    [Test]
    public void ShouldTellAfterTheCoolDownWhenItCameAgainWithinIt()
    {
        Take(TimeSpan.Zero, true);
        Take(TimeSpan.FromSeconds(10), false);
        Take(TimeSpan.FromSeconds(20), true);
        Take(TimeSpan.FromSeconds(30), false);
        Take(TimeSpan.FromSeconds(40), true);
        Take(TimeSpan.FromSeconds(50), false);
        Assert.That(States, Is.EqualTo(new[] { NoticeState.Firing, NoticeState.Resolved }));

        Take(TimeSpan.FromMinutes(5), false);

        Assert.That(States[2..], Is.EqualTo(new[] { NoticeState.Firing }));
        Assert.That(_told[2].Alert.Occurrences, Is.EqualTo(3));
        Assert.That(_told[2].Alert.ResolvedAt, Is.Not.Null);
        Assert.That(_book.Resolved, Has.Count.EqualTo(1), "it is one alert");
    }

    /// <summary>How long something lasts goes by a clock that nobody steps, its stamps by the system's.</summary>
    [TestCase(3_600)]
    [TestCase(-3_600)]
    public void ShouldRemindInTimeAndStampWithTheSystemsTimeWhenThatIsStepped(int stepSeconds)
    {
        var step = TimeSpan.FromSeconds(stepSeconds);
        Take(TimeSpan.Zero, true);
        Take(TimeSpan.FromSeconds(299), true, wallAhead: step);
        Assert.That(States, Is.EqualTo(new[] { NoticeState.Firing }));
        Take(TimeSpan.FromSeconds(300), true, wallAhead: step);
        Assert.That(States, Is.EqualTo(new[] { NoticeState.Firing, NoticeState.Reminder }));
        Assert.That(_told[^1].Alert.ToldAt, Is.EqualTo(Start + TimeSpan.FromSeconds(300) + step));
    }

    [TestCase(-299, false)]
    [TestCase(-301, true)]
    [TestCase(3_600, true)]
    public void ShouldRemindAtOnceWhenAnEarlierLifeToldLongAgoOrInATimeToCome(int toldSeconds, bool isTold)
    {
        Take(TimeSpan.Zero, true);
        var told = _told.Single().Alert with { ToldAt = Start + TimeSpan.FromSeconds(toldSeconds) };
        Begin();
        _book.Restore(new AlertMemory { Alerts = [told] });

        Take(TimeSpan.Zero, true);

        Assert.That(States, Is.EqualTo(isTold ? [NoticeState.Reminder] : Array.Empty<NoticeState>()));
    }

    [Test]
    public void ShouldWaitWhenItMustBeSoForAWhile()
    {
        var wait = TimeSpan.FromMinutes(2);
        Take(TimeSpan.Zero, true, duration: wait);
        Take(wait - TimeSpan.FromSeconds(1), true, duration: wait);
        Assert.That(_told, Is.Empty);
        Take(wait, false, duration: wait);
        Take(wait + TimeSpan.FromSeconds(1), true, duration: wait);
        Assert.That(_told, Is.Empty, "the wait began anew");

        Take(2 * wait + TimeSpan.FromSeconds(1), true, duration: wait);

        Assert.That(States, Is.EqualTo(new[] { NoticeState.Firing }));
    }

    [Test]
    public void ShouldStandWhenNothingTellsWhetherItIsSo()
    {
        Take(TimeSpan.Zero, true);
        Take(TimeSpan.FromSeconds(1), null);

        Assert.That(_book.Active, Has.Count.EqualTo(1));
    }

    [Test]
    public void ShouldTellOfTheOtherWhenTwoSubjectsOfATypeAreWrong()
    {
        _book.Take(Start, [Wrong("position"), Wrong("notional")]);

        Assert.That(_told.Select(static one => one.Alert.Subject), Is.EqualTo(new[] { "position", "notional" }));
        Assert.That(_told.Select(static one => one.Number), Is.EqualTo(new[] { 1, 2 }));

        static Finding Wrong(string subject) =>
            new(new AlertKey("risk_violation", AlertSeverity.Critical, subject), true, "wrong");
    }

    [Test]
    public void ShouldBeOverWhenItsRuleIsNoMore()
    {
        Take(TimeSpan.Zero, true);
        _book.Take(Start + TimeSpan.FromSeconds(1), []);

        Assert.That(_book.Active, Is.Empty);
    }

    private NoticeState[] States => [.. _told.Select(static one => one.State)];

    private void Take(
        TimeSpan at, bool? isSo, AlertSeverity severity = AlertSeverity.Critical, TimeSpan duration = default,
        TimeSpan wallAhead = default) => _book.Take(
            Start + at,
            [new Finding(new AlertKey("kill_switch_latched", severity, ""), isSo, "so", duration)],
            wallAhead);
}
