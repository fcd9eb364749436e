// The words between photos. Each: title, sentences, the button's label if there is one.

export const TEXTS = {
  calibration: [
    "First, a calibration round",
    [
      "Grade each photo as you will later. After each answer you see the grade of the study's team, so that all raters " +
        "begin with the same idea of the scale.",
      "Answers of this round cannot be taken back.",
    ],
    "Begin",
  ],
  study: [
    "The study begins",
    [
      "The calibration round is over; from here on no other grade is shown.",
      "Grade what you see in each photo by itself. You can stop at any time: what you answered is kept.",
    ],
    "Begin",
  ],
  pause: ["Paused", ["The photo is hidden, and the time does not count. All answers so far are kept."], "Go on"],
  done: ["All photos are graded", ["Thank you. There is nothing left to do in this study."]],
  closed: ["This study is closed", ["The team has ended the grading. What you answered before is kept."]],
};

export const LINKS = [["To your studies", "/desk"]];
