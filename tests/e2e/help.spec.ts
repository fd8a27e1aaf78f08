// Help while watching, as the two people see it: the call for help, the chat, the pen, and what must not be in the recording.
import { expect, test } from '@playwright/test';
import { AGENCY, banner } from './people.ts';
import { adamInside, sofiaOutside, switchBack, watchAdam } from './two-at-once.ts';

test('who asks for help is seen, answered and shown the place, and none of it is in the client’s page', async ({
	browser
}) => {
	const inside = await adamInside(browser);
	const outside = await sofiaOutside(browser);
	const supervisor = outside.page;
	await banner(inside.page).getByRole('button', { name: 'Help' }).click();
	await inside.page.getByLabel('What do you need?').fill('Which plan is theirs?');
	await inside.page.getByRole('button', { name: 'Raise hand' }).click();
	await expect(banner(inside.page).getByRole('button', { name: 'Hand raised' })).toBeVisible();
	// Wherever the supervisor is in the agency.
	const call = supervisor.getByRole('region', { name: /asks for help/ });
	await expect(call).toContainText('Which plan is theirs?');

	await supervisor.goto(`${AGENCY}/live`);
	await expect(supervisor.getByText('Which plan is theirs?').first()).toBeVisible();
	const screen = await watchAdam(supervisor);
	await expect(screen.getByRole('heading', { level: 1 })).toBeVisible();
	await supervisor.getByRole('button', { name: 'I’m on it' }).click();
	await expect(banner(inside.page).getByRole('button', { name: 'Help', exact: true })).toBeVisible();
	const line = supervisor.getByRole('textbox', { name: 'Message' });
	await line.fill('<b>The small one</b>');
	await line.press('Enter');
	const chat = inside.page.getByRole('log', { name: 'Chat' });
	// Text, never markup.
	await expect(chat).toContainText('<b>The small one</b>');
	await inside.page.getByLabel('Message to the supervisors').fill('Thanks!');
	await inside.page.keyboard.press('Enter');
	await expect(supervisor.getByRole('log', { name: 'Chat' })).toContainText('Thanks!');

	await supervisor.getByRole('button', { name: 'Draw', exact: true }).click();
	const area = await supervisor.getByRole('region', { name: 'Live screen' }).boundingBox();
	if (!area) throw new Error('There is no screen to draw on');
	const [x, y] = [area.x + area.width / 2, area.y + area.height / 2];
	await supervisor.mouse.move(x, y);
	await supervisor.mouse.down();
	await supervisor.mouse.move(x + 80, y + 40, { steps: 8 });
	await supervisor.mouse.up();
	// Icons are made of thinner lines.
	const pen = 'polyline[stroke-width="4"]';
	// Placed, too, and asked at once: a stroke is shown for seconds only.
	await expect(inside.page.locator(`[data-recorder-block] ${pen}[points*=","]`)).toHaveCount(1);
	// The rebuilt page is what was recorded of theirs: no chat, no pen.
	await expect(screen.locator(pen)).toHaveCount(0);
	await expect(screen.getByText('The small one')).toHaveCount(0);

	await outside.context.close();
	await switchBack(inside);
});
